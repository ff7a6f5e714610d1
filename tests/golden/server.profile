{
 "format": "learn-profile",
 "version": 1,
 "complete": true,
 "runs": [
  {
   "command": [
    "/usr/sbin/server"
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
   "path": "/usr/sbin/server",
   "build_id": "",
   "peaks": {
    "CPU": 1,
    "FSIZE": 5000000,
    "STACK": 135168,
    "CORE": 0,
    "NPROC": 3,
    "NOFILE": 40,
    "AS": 60000000
   },
   "phases": {
    "main": {
     "calls": {
      "x86_64": [
       {
        "name": "read",
        "number": 0,
        "count": 4000
       },
       {
        "name": "write",
        "number": 1,
        "count": 3900
       },
       {
        "name": "close",
        "number": 3,
        "count": 2100
       },
       {
        "name": "mmap",
        "number": 9,
        "count": 40,
        "args": [
         {
          "index": 2,
          "name": "prot",
          "values": [
           {
            "value": "0x1",
            "name": "PROT_READ",
            "count": 10
           },
           {
            "value": "0x3",
            "name": "PROT_READ|PROT_WRITE",
            "count": 25
           },
           {
            "value": "0x5",
            "name": "PROT_READ|PROT_EXEC",
            "count": 5
           }
          ]
         }
        ]
       },
       {
        "name": "mprotect",
        "number": 10,
        "count": 6,
        "args": [
         {
          "index": 2,
          "name": "prot",
          "values": [
           {
            "value": "0x1",
            "name": "PROT_READ",
            "count": 6
           }
          ]
         }
        ]
       },
       {
        "name": "munmap",
        "number": 11,
        "count": 3
       },
       {
        "name": "brk",
        "number": 12,
        "count": 5
       },
       {
        "name": "rt_sigaction",
        "number": 13,
        "count": 8
       },
       {
        "name": "ioctl",
        "number": 16,
        "count": 20,
        "args": [
         {
          "index": 1,
          "name": "request",
          "values": [
           {
            "value": "0x5401",
            "name": "TCGETS",
            "count": 2
           },
           {
            "value": "0x5421",
            "name": "FIONBIO",
            "count": 18
           }
          ]
         }
        ]
       },
       {
        "name": "socket",
        "number": 41,
        "count": 4,
        "args": [
         {
          "index": 0,
          "name": "domain",
          "values": [
           {
            "value": "0x1",
            "name": "AF_UNIX",
            "count": 1
           },
           {
            "value": "0x2",
            "name": "AF_INET",
            "count": 2
           },
           {
            "value": "0xa",
            "name": "AF_INET6",
            "count": 1
           }
          ]
         },
         {
          "index": 1,
          "name": "type",
          "values": [
           {
            "value": "0x1",
            "name": "SOCK_STREAM",
            "count": 3
           },
           {
            "value": "0x80802",
            "name": "SOCK_DGRAM|SOCK_CLOEXEC|SOCK_NONBLOCK",
            "count": 1
           }
          ]
         },
         {
          "index": 2,
          "name": "protocol",
          "values": [
           {
            "value": "0x0",
            "name": "0",
            "count": 4
           }
          ]
         }
        ]
       },
       {
        "name": "bind",
        "number": 49,
        "count": 2
       },
       {
        "name": "listen",
        "number": 50,
        "count": 2
       },
       {
        "name": "clone",
        "number": 56,
        "count": 2,
        "args": [
         {
          "index": 0,
          "name": "flags",
          "values": [
           {
            "value": "0x1200011",
            "name": "CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD",
            "count": 2
           }
          ]
         }
        ]
       },
       {
        "name": "execve",
        "number": 59,
        "count": 1
       },
       {
        "name": "fcntl",
        "number": 72,
        "count": 12,
        "args": [
         {
          "index": 1,
          "name": "cmd",
          "values": [
           {
            "value": "0x1",
            "name": "F_GETFD",
            "count": 4
           },
           {
            "value": "0x3",
            "name": "F_GETFL",
            "count": 4
           },
           {
            "value": "0x4",
            "name": "F_SETFL",
            "count": 4
           }
          ]
         }
        ]
       },
       {
        "name": "unlink",
        "number": 87,
        "count": 1
       },
       {
        "name": "setuid",
        "number": 105,
        "count": 1
       },
       {
        "name": "setgid",
        "number": 106,
        "count": 1
       },
       {
        "name": "setgroups",
        "number": 116,
        "count": 1
       },
       {
        "name": "arch_prctl",
        "number": 158,
        "count": 1,
        "args": [
         {
          "index": 0,
          "name": "code",
          "values": [
           {
            "value": "0x1002",
            "name": "ARCH_SET_FS",
            "count": 1
           }
          ]
         }
        ]
       },
       {
        "name": "futex",
        "number": 202,
        "count": 30
       },
       {
        "name": "exit_group",
        "number": 231,
        "count": 2
       },
       {
        "name": "epoll_wait",
        "number": 232,
        "count": 1200
       },
       {
        "name": "epoll_ctl",
        "number": 233,
        "count": 2000
       },
       {
        "name": "openat",
        "number": 257,
        "count": 900
       },
       {
        "name": "newfstatat",
        "number": 262,
        "count": 950
       },
       {
        "name": "accept4",
        "number": 288,
        "count": 1000
       },
       {
        "name": "epoll_create1",
        "number": 291,
        "count": 1
       },
       {
        "name": "prlimit64",
        "number": 302,
        "count": 1,
        "args": [
         {
          "index": 1,
          "name": "resource",
          "values": [
           {
            "value": "0x7",
            "name": "RLIMIT_NOFILE",
            "count": 1
           }
          ]
         }
        ]
       },
       {
        "name": "getrandom",
        "number": 318,
        "count": 2
       }
      ]
     },
     "paths": [
      {
       "path": "/dev/null",
       "did": [
        "read",
        "write"
       ],
       "was": [
        "char"
       ],
       "count": 2
      },
      {
       "path": "/etc/server.conf",
       "did": [
        "read"
       ],
       "was": [
        "file"
       ],
       "count": 1
      },
      {
       "path": "/lib64/ld-linux-x86-64.so.2",
       "did": [
        "execute"
       ],
       "was": [
        "file"
       ],
       "count": 1
      },
      {
       "path": "/run/server.pid",
       "did": [
        "write",
        "create_file"
       ],
       "was": [
        "missing"
       ],
       "count": 1
      },
      {
       "path": "/run/server.pid.old",
       "did": [
        "remove_file"
       ],
       "was": [
        "file"
       ],
       "count": 1
      },
      {
       "path": "/srv/www/index.html",
       "did": [
        "read"
       ],
       "was": [
        "file"
       ],
       "count": 800
      },
      {
       "path": "/srv/www/style.css",
       "did": [
        "read"
       ],
       "was": [
        "file"
       ],
       "count": 100
      },
      {
       "path": "/usr/lib/x86_64-linux-gnu/libc.so.6",
       "did": [
        "read"
       ],
       "was": [
        "file"
       ],
       "count": 1
      },
      {
       "path": "/usr/sbin/server",
       "did": [
        "execute"
       ],
       "was": [
        "file"
       ],
       "count": 1
      },
      {
       "path": "/var/log/server/access.log",
       "did": [
        "write",
        "create_file"
       ],
       "was": [
        "file"
       ],
       "count": 1
      }
     ],
     "sockets": [
      {
       "family": "AF_UNIX",
       "type": "SOCK_STREAM",
       "protocol": 0,
       "count": 1
      },
      {
       "family": "AF_INET",
       "type": "SOCK_STREAM",
       "protocol": 0,
       "count": 2
      },
      {
       "family": "AF_INET6",
       "type": "SOCK_STREAM",
       "protocol": 0,
       "count": 1
      }
     ],
     "addresses": [
      {
       "use": "bind",
       "family": "AF_INET",
       "type": "SOCK_STREAM",
       "address": "0.0.0.0",
       "port": 80,
       "count": 1
      },
      {
       "use": "connect",
       "family": "AF_INET",
       "type": "SOCK_STREAM",
       "address": "127.0.0.1",
       "port": 8080,
       "count": 4
      }
     ]
    }
   }
  }
 ]
}
