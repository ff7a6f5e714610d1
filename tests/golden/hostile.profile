{
 "format": "learn-profile",
 "version": 1,
 "complete": true,
 "runs": [
  {
   "command": [
    "/opt/*b \"c\"\n; ld [0]\n#include %n */"
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
   "path": "/opt/*b \"c\"\n; ld [0]\n#include %n */",
   "build_id": "",
   "peaks": {
    "CORE": 0,
    "NOFILE": 8
   },
   "phases": {
    "main": {
     "calls": {
      "x86": [
       {
        "name": "exit",
        "number": 1,
        "count": 1
       },
       {
        "name": "read",
        "number": 3,
        "count": 2
       }
      ],
      "x86_64": [
       {
        "name": "read",
        "number": 0,
        "count": 3
       },
       {
        "name": "execve",
        "number": 59,
        "count": 1
       },
       {
        "name": "openat",
        "number": 257,
        "count": 30
       }
      ]
     },
     "paths": [
      {
       "path": "/srv/$HOME`x`$(y)",
       "did": [
        "read"
       ],
       "was": [
        "file"
       ],
       "count": 1
      },
      {
       "path": "/srv/??/*x*/",
       "did": [
        "read"
       ],
       "was": [
        "file"
       ],
       "count": 1
      },
      {
       "path": "/srv/a b",
       "did": [
        "write"
       ],
       "was": [
        "file"
       ],
       "count": 1
      },
      {
       "path": "/srv/new\nExecStart=/bin/false",
       "did": [
        "read"
       ],
       "was": [
        "file"
       ],
       "count": 1
      },
      {
       "path": "/srv/percent%s%n",
       "did": [
        "write"
       ],
       "was": [
        "file"
       ],
       "count": 1
      },
      {
       "path": "/srv/quote\"back\\\\slash",
       "did": [
        "write"
       ],
       "was": [
        "file"
       ],
       "count": 1
      },
      {
       "path": "/srv/été",
       "did": [
        "read"
       ],
       "was": [
        "file"
       ],
       "count": 1
      },
      {
       "path": "/srv/\\xe9\\xff",
       "did": [
        "read"
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
