{
 "format": "learn-profile",
 "version": 1,
 "complete": true,
 "runs": [
  {
   "command": [
    "/usr/sbin/mounter"
   ],
   "cwd": "/",
   "start": "2026-01-01T00:00:00.000Z",
   "duration_ms": 1000,
   "exit": 0,
   "signal": null,
   "kernel": "6.1.0",
   "arch": "x86_64",
   "tool": "learn 0.1",
   "uid": 0,
   "complete": true
  }
 ],
 "programs": [
  {
   "path": "/usr/sbin/mounter",
   "build_id": "",
   "peaks": {
    "CORE": 0
   },
   "phases": {
    "main": {
     "calls": {
      "x86_64": [
       {
        "name": "read",
        "number": 0,
        "count": 1
       },
       {
        "name": "execve",
        "number": 59,
        "count": 1
       },
       {
        "name": "personality",
        "number": 135,
        "count": 1,
        "args": [
         {
          "index": 0,
          "name": "persona",
          "values": [
           {
            "value": "0x40000",
            "name": "ADDR_NO_RANDOMIZE",
            "count": 1
           }
          ]
         }
        ]
       },
       {
        "name": "mount",
        "number": 165,
        "count": 2
       },
       {
        "name": "unshare",
        "number": 272,
        "count": 1,
        "args": [
         {
          "index": 0,
          "name": "flags",
          "values": [
           {
            "value": "0x20000",
            "name": "CLONE_NEWNS",
            "count": 1
           }
          ]
         }
        ]
       }
      ]
     },
     "paths": [
      {
       "path": "/mnt",
       "did": [
        "mount"
       ],
       "was": [
        "directory"
       ],
       "count": 1
      },
      {
       "path": "/usr/sbin/mounter",
       "did": [
        "execute"
       ],
       "was": [
        "file"
       ],
       "count": 1
      }
     ]
    }
   }
  }
 ]
}
