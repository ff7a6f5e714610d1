{
 "format": "learn-profile",
 "version": 1,
 "complete": true,
 "runs": [
  {
   "command": [
    "nginx",
    "-e",
    "/srv/learn-nginx/log/error.log",
    "-p",
    "/srv/learn-nginx",
    "-c",
    "/srv/learn-nginx/nginx.conf",
    "-g",
    "daemon off;"
   ],
   "cwd": "/srv/learn-nginx",
   "start": "2026-11-22T11:25:36.723Z",
   "duration_ms": 794,
   "exit": 0,
   "signal": null,
   "kernel": "6.18.44-fc-v595",
   "arch": "x86_64",
   "tool": "learn 0.1",
   "uid": 0,
   "complete": true
  }
 ],
 "tree": {
  "memory": 1747968,
  "tasks": 5
 },
 "programs": [
  {
   "path": "/usr/sbin/nginx",
   "build_id": "74429228deec622306ed48e0188056aed01ba01f",
   "ordered": true,
   "libraries": [
    {
     "path": "/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2",
     "build_id": "7ebc65e52f2bbea498b4040fa92f7238377aaba9"
    },
    {
     "path": "/usr/lib/x86_64-linux-gnu/libc.so.6",
     "build_id": "93ac61ec5a8eb1396f9fbd350e3169a558528a40"
    },
    {
     "path": "/usr/lib/x86_64-linux-gnu/libcap.so.2.66",
     "build_id": "8ccd086c53e57b5ba289e715682a32cf0584557c"
    },
    {
     "path": "/usr/lib/x86_64-linux-gnu/libcrypt.so.1.1.0",
     "build_id": "6c22e42bcfd160936db1a3eb5477f86c808d3e7f"
    },
    {
     "path": "/usr/lib/x86_64-linux-gnu/libcrypto.so.3",
     "build_id": "30563306a0d30a4acfe7ce1e066c8696b5e7856f"
    },
    {
     "path": "/usr/lib/x86_64-linux-gnu/libm.so.6",
     "build_id": "d6e6f9e3af1243eed9bf5efd366dd015a9f22c13"
    },
    {
     "path": "/usr/lib/x86_64-linux-gnu/libnss_systemd.so.2",
     "build_id": "d6715f5a7e39d25e7c9bafba8589c8b21dc43415"
    },
    {
     "path": "/usr/lib/x86_64-linux-gnu/libpcre2-8.so.0.11.2",
     "build_id": "fbc37bf891c814600cbe68abb040c56b949f321e"
    },
    {
     "path": "/usr/lib/x86_64-linux-gnu/libssl.so.3",
     "build_id": "c0b9959017cf64b03131964573944fc72958bb2b"
    },
    {
     "path": "/usr/lib/x86_64-linux-gnu/libz.so.1.2.13",
     "build_id": "1f95d5498d283b79505861523e20b3db2afdf518"
    }
   ],
   "peaks": {
    "CPU": 1,
    "FSIZE": 16457,
    "DATA": 827392,
    "STACK": 135168,
    "CORE": 0,
    "RSS": 7696384,
    "NPROC": 5,
    "NOFILE": 19,
    "MEMLOCK": 0,
    "AS": 11993088,
    "NICE": 0,
    "RTPRIO": 0,
    "RTTIME": 0
   },
   "after": {
    "forked": 2962,
    "setuid": 2734,
    "bind": 139,
    "listen": 138,
    "connect": 194,
    "accept4": 2646,
    "epoll_wait": 2698,
    "recvfrom": 2626,
    "recvmsg": 2007,
    "rt_sigsuspend": 99,
    "clock_nanosleep": 36,
    "wait4": 32
   },
   "phases": {
    "load": {
     "calls": {
      "x86_64": [
       {
        "name": "read",
        "number": 0,
        "count": 6,
        "results": {
         "ok": 1
        },
        "sites": [
         [
          "ld-linux-x86-64.so.2!__read_nocancel+0x4",
          "ld-linux-x86-64.so.2!open_verify.constprop.0+0x78",
          "ld-linux-x86-64.so.2!_dl_map_object+0x37a",
          "ld-linux-x86-64.so.2!openaux+0x31",
          "ld-linux-x86-64.so.2!_dl_catch_exception+0x61",
          "ld-linux-x86-64.so.2!_dl_map_object_deps+0x35a",
          "ld-linux-x86-64.so.2!dl_main+0x1b55",
          "ld-linux-x86-64.so.2!_dl_sysdep_start+0x7f",
          "ld-linux-x86-64.so.2!_dl_start+0x55c",
          "ld-linux-x86-64.so.2+0x1ab78"
         ]
        ]
       },
       {
        "name": "close",
        "number": 3,
        "count": 7,
        "results": {
         "ok": 1
        },
        "sites": [
         [
          "ld-linux-x86-64.so.2!__GI___close_nocancel+0x7",
          "ld-linux-x86-64.so.2!_dl_sysdep_read_whole_file+0x6c",
          "ld-linux-x86-64.so.2!_dl_load_cache_lookup+0x124",
          "ld-linux-x86-64.so.2!_dl_map_object+0x333",
          "ld-linux-x86-64.so.2!openaux+0x31",
          "ld-linux-x86-64.so.2!_dl_catch_exception+0x61",
          "ld-linux-x86-64.so.2!_dl_map_object_deps+0x35a",
          "ld-linux-x86-64.so.2!dl_main+0x1b55",
          "ld-linux-x86-64.so.2!_dl_sysdep_start+0x7f",
          "ld-linux-x86-64.so.2!_dl_start+0x55c",
          "ld-linux-x86-64.so.2+0x1ab78"
         ]
        ]
       },
       {
        "name": "mmap",
        "number": 9,
        "count": 31,
        "results": {
         "ok": 1
        },
        "args": [
         {
          "index": 2,
          "name": "prot",
          "values": [
           {
            "value": "0x1",
            "name": "PROT_READ",
            "count": 13
           },
           {
            "value": "0x3",
            "name": "PROT_READ|PROT_WRITE",
            "count": 12
           },
           {
            "value": "0x5",
            "name": "PROT_READ|PROT_EXEC",
            "count": 6
           }
          ]
         },
         {
          "index": 3,
          "name": "flags",
          "values": [
           {
            "value": "0x2",
            "name": "MAP_PRIVATE",
            "count": 1
           },
           {
            "value": "0x22",
            "name": "MAP_PRIVATE|MAP_ANONYMOUS",
            "count": 3
           },
           {
            "value": "0x32",
            "name": "MAP_PRIVATE|MAP_FIXED|MAP_ANONYMOUS",
            "count": 3
           },
           {
            "value": "0x802",
            "name": "MAP_PRIVATE|MAP_DENYWRITE",
            "count": 6
           },
           {
            "value": "0x812",
            "name": "MAP_PRIVATE|MAP_FIXED|MAP_DENYWRITE",
            "count": 18
           }
          ]
         }
        ],
        "sites": [
         [
          "ld-linux-x86-64.so.2!mmap+0x13",
          "ld-linux-x86-64.so.2!__minimal_malloc+0xa1",
          "ld-linux-x86-64.so.2!_dl_important_hwcaps+0x491",
          "ld-linux-x86-64.so.2!_dl_init_paths+0x32",
          "ld-linux-x86-64.so.2!dl_main+0x1831",
          "ld-linux-x86-64.so.2!_dl_sysdep_start+0x7f",
          "ld-linux-x86-64.so.2!_dl_start+0x55c",
          "ld-linux-x86-64.so.2+0x1ab78"
         ],
         [
          "ld-linux-x86-64.so.2!mmap+0x13",
          "ld-linux-x86-64.so.2!_dl_map_object_from_fd+0x1138",
          "ld-linux-x86-64.so.2!_dl_map_object+0x215",
          "ld-linux-x86-64.so.2!openaux+0x31",
          "ld-linux-x86-64.so.2!_dl_catch_exception+0x61",
          "ld-linux-x86-64.so.2!_dl_map_object_deps+0x35a",
          "ld-linux-x86-64.so.2!dl_main+0x1b55",
          "ld-linux-x86-64.so.2!_dl_sysdep_start+0x7f",
          "ld-linux-x86-64.so.2!_dl_start+0x55c",
          "ld-linux-x86-64.so.2+0x1ab78"
         ],
         [
          "ld-linux-x86-64.so.2!mmap+0x13",
          "ld-linux-x86-64.so.2!_dl_map_object_from_fd+0x30c",
          "ld-linux-x86-64.so.2!_dl_map_object+0x215",
          "ld-linux-x86-64.so.2!openaux+0x31",
          "ld-linux-x86-64.so.2!_dl_catch_exception+0x61",
          "ld-linux-x86-64.so.2!_dl_map_object_deps+0x35a",
          "ld-linux-x86-64.so.2!dl_main+0x1b55",
          "ld-linux-x86-64.so.2!_dl_sysdep_start+0x7f",
          "ld-linux-x86-64.so.2!_dl_start+0x55c",
          "ld-linux-x86-64.so.2+0x1ab78"
         ],
         [
          "ld-linux-x86-64.so.2!mmap+0x13",
          "ld-linux-x86-64.so.2!_dl_map_object_from_fd+0x4a9",
          "ld-linux-x86-64.so.2!_dl_map_object+0x215",
          "ld-linux-x86-64.so.2!openaux+0x31",
          "ld-linux-x86-64.so.2!_dl_catch_exception+0x61",
          "ld-linux-x86-64.so.2!_dl_map_object_deps+0x35a",
          "ld-linux-x86-64.so.2!dl_main+0x1b55",
          "ld-linux-x86-64.so.2!_dl_sysdep_start+0x7f",
          "ld-linux-x86-64.so.2!_dl_start+0x55c",
          "ld-linux-x86-64.so.2+0x1ab78"
         ],
         [
          "ld-linux-x86-64.so.2!mmap+0x13",
          "ld-linux-x86-64.so.2!_dl_sysdep_read_whole_file+0x85",
          "ld-linux-x86-64.so.2!_dl_load_cache_lookup+0x124",
          "ld-linux-x86-64.so.2!_dl_map_object+0x333",
          "ld-linux-x86-64.so.2!openaux+0x31",
          "ld-linux-x86-64.so.2!_dl_catch_exception+0x61",
          "ld-linux-x86-64.so.2!_dl_map_object_deps+0x35a",
          "ld-linux-x86-64.so.2!dl_main+0x1b55",
          "ld-linux-x86-64.so.2!_dl_sysdep_start+0x7f",
          "ld-linux-x86-64.so.2!_dl_start+0x55c",
          "ld-linux-x86-64.so.2+0x1ab78"
         ]
        ]
       },
       {
        "name": "mprotect",
        "number": 10,
        "count": 8,
        "results": {
         "ok": 1
        },
        "args": [
         {
          "index": 2,
          "name": "prot",
          "values": [
           {
            "value": "0x1",
            "name": "PROT_READ",
            "count": 8
           }
          ]
         }
        ],
        "sites": [
         [
          "ld-linux-x86-64.so.2!mprotect+0x7",
          "ld-linux-x86-64.so.2!_dl_protect_relro+0x3d",
          "ld-linux-x86-64.so.2!_dl_relocate_object+0x10d8",
          "ld-linux-x86-64.so.2!dl_main+0x1e79",
          "ld-linux-x86-64.so.2!_dl_sysdep_start+0x7f",
          "ld-linux-x86-64.so.2!_dl_start+0x55c",
          "ld-linux-x86-64.so.2+0x1ab78"
         ]
        ]
       },
       {
        "name": "munmap",
        "number": 11,
        "count": 1,
        "results": {
         "ok": 1
        },
        "sites": [
         [
          "ld-linux-x86-64.so.2!munmap+0x7",
          "ld-linux-x86-64.so.2!_dl_unload_cache+0x30",
          "ld-linux-x86-64.so.2!dl_main+0x1fb5",
          "ld-linux-x86-64.so.2!_dl_sysdep_start+0x7f",
          "ld-linux-x86-64.so.2!_dl_start+0x55c",
          "ld-linux-x86-64.so.2+0x1ab78"
         ]
        ]
       },
       {
        "name": "brk",
        "number": 12,
        "count": 1,
        "results": {
         "ok": 1
        },
        "sites": [
         [
          "ld-linux-x86-64.so.2!brk+0x7",
          "ld-linux-x86-64.so.2!_dl_sysdep_start+0x2f",
          "ld-linux-x86-64.so.2!_dl_start+0x55c",
          "ld-linux-x86-64.so.2+0x1ab78"
         ]
        ]
       },
       {
        "name": "pread64",
        "number": 17,
        "count": 2,
        "results": {
         "ok": 1
        },
        "sites": [
         [
          "ld-linux-x86-64.so.2!__pread64_nocancel+0xa",
          "ld-linux-x86-64.so.2!open_verify.constprop.0+0x1cf",
          "ld-linux-x86-64.so.2!_dl_map_object+0x37a",
          "ld-linux-x86-64.so.2!openaux+0x31",
          "ld-linux-x86-64.so.2!_dl_catch_exception+0x61",
          "ld-linux-x86-64.so.2!_dl_map_object_deps+0x35a",
          "ld-linux-x86-64.so.2!dl_main+0x1b55",
          "ld-linux-x86-64.so.2!_dl_sysdep_start+0x7f",
          "ld-linux-x86-64.so.2!_dl_start+0x55c",
          "ld-linux-x86-64.so.2+0x1ab78"
         ]
        ]
       },
       {
        "name": "access",
        "number": 21,
        "count": 1,
        "results": {
         "ENOENT": 1
        },
        "sites": [
         [
          "ld-linux-x86-64.so.2!access+0x7",
          "ld-linux-x86-64.so.2!dl_main+0x1afb",
          "ld-linux-x86-64.so.2!_dl_sysdep_start+0x7f",
          "ld-linux-x86-64.so.2!_dl_start+0x55c",
          "ld-linux-x86-64.so.2+0x1ab78"
         ]
        ]
       },
       {
        "name": "execve",
        "number": 59,
        "count": 1
       },
       {
        "name": "arch_prctl",
        "number": 158,
        "count": 1,
        "results": {
         "ok": 1
        },
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
        ],
        "sites": [
         [
          "ld-linux-x86-64.so.2!init_tls+0xee",
          "ld-linux-x86-64.so.2!dl_main+0x2b5c",
          "ld-linux-x86-64.so.2!_dl_sysdep_start+0x7f",
          "ld-linux-x86-64.so.2!_dl_start+0x55c",
          "ld-linux-x86-64.so.2+0x1ab78"
         ]
        ]
       },
       {
        "name": "set_tid_address",
        "number": 218,
        "count": 1,
        "results": {
         "ok": 1
        },
        "sites": [
         [
          "ld-linux-x86-64.so.2!__tls_init_tp+0x4a",
          "ld-linux-x86-64.so.2!init_tls+0xf7",
          "ld-linux-x86-64.so.2!dl_main+0x2b5c",
          "ld-linux-x86-64.so.2!_dl_sysdep_start+0x7f",
          "ld-linux-x86-64.so.2!_dl_start+0x55c",
          "ld-linux-x86-64.so.2+0x1ab78"
         ]
        ]
       },
       {
        "name": "openat",
        "number": 257,
        "count": 7,
        "results": {
         "ok": 1
        },
        "args": [
         {
          "index": 2,
          "name": "flags",
          "values": [
           {
            "value": "0x80000",
            "name": "O_RDONLY|O_CLOEXEC",
            "count": 7
           }
          ]
         }
        ],
        "sites": [
         [
          "ld-linux-x86-64.so.2!__open_nocancel+0x2d",
          "ld-linux-x86-64.so.2!_dl_sysdep_read_whole_file+0x26",
          "ld-linux-x86-64.so.2!_dl_load_cache_lookup+0x124",
          "ld-linux-x86-64.so.2!_dl_map_object+0x333",
          "ld-linux-x86-64.so.2!openaux+0x31",
          "ld-linux-x86-64.so.2!_dl_catch_exception+0x61",
          "ld-linux-x86-64.so.2!_dl_map_object_deps+0x35a",
          "ld-linux-x86-64.so.2!dl_main+0x1b55",
          "ld-linux-x86-64.so.2!_dl_sysdep_start+0x7f",
          "ld-linux-x86-64.so.2!_dl_start+0x55c",
          "ld-linux-x86-64.so.2+0x1ab78"
         ]
        ]
       },
       {
        "name": "newfstatat",
        "number": 262,
        "count": 7,
        "results": {
         "ok": 1
        },
        "args": [
         {
          "index": 3,
          "name": "flags",
          "values": [
           {
            "value": "0x1000",
            "name": "AT_EMPTY_PATH",
            "count": 7
           }
          ]
         }
        ],
        "sites": [
         [
          "ld-linux-x86-64.so.2!fstatat+0xa",
          "ld-linux-x86-64.so.2!_dl_sysdep_read_whole_file+0x4c",
          "ld-linux-x86-64.so.2!_dl_load_cache_lookup+0x124",
          "ld-linux-x86-64.so.2!_dl_map_object+0x333",
          "ld-linux-x86-64.so.2!openaux+0x31",
          "ld-linux-x86-64.so.2!_dl_catch_exception+0x61",
          "ld-linux-x86-64.so.2!_dl_map_object_deps+0x35a",
          "ld-linux-x86-64.so.2!dl_main+0x1b55",
          "ld-linux-x86-64.so.2!_dl_sysdep_start+0x7f",
          "ld-linux-x86-64.so.2!_dl_start+0x55c",
          "ld-linux-x86-64.so.2+0x1ab78"
         ]
        ]
       },
       {
        "name": "set_robust_list",
        "number": 273,
        "count": 1,
        "results": {
         "ok": 1
        },
        "sites": [
         [
          "ld-linux-x86-64.so.2!__tls_init_tp+0xa6",
          "ld-linux-x86-64.so.2!init_tls+0xf7",
          "ld-linux-x86-64.so.2!dl_main+0x2b5c",
          "ld-linux-x86-64.so.2!_dl_sysdep_start+0x7f",
          "ld-linux-x86-64.so.2!_dl_start+0x55c",
          "ld-linux-x86-64.so.2+0x1ab78"
         ]
        ]
       },
       {
        "name": "prlimit64",
        "number": 302,
        "count": 1,
        "results": {
         "ok": 1
        },
        "args": [
         {
          "index": 1,
          "name": "resource",
          "values": [
           {
            "value": "0x3",
            "name": "RLIMIT_STACK",
            "count": 1
           }
          ]
         }
        ],
        "sites": [
         [
          "libc.so.6!getrlimit+0x10",
          "libc.so.6!__libc_early_init+0x3e",
          "ld-linux-x86-64.so.2!dl_main+0x1f8f",
          "ld-linux-x86-64.so.2!_dl_sysdep_start+0x7f",
          "ld-linux-x86-64.so.2!_dl_start+0x55c",
          "ld-linux-x86-64.so.2+0x1ab78"
         ]
        ]
       },
       {
        "name": "rseq",
        "number": 334,
        "count": 1,
        "results": {
         "ok": 1
        },
        "args": [
         {
          "index": 2,
          "name": "flags",
          "values": [
           {
            "value": "0x0",
            "name": "0",
            "count": 1
           }
          ]
         }
        ],
        "sites": [
         [
          "ld-linux-x86-64.so.2!__tls_init_tp+0x119",
          "ld-linux-x86-64.so.2!init_tls+0xf7",
          "ld-linux-x86-64.so.2!dl_main+0x2b5c",
          "ld-linux-x86-64.so.2!_dl_sysdep_start+0x7f",
          "ld-linux-x86-64.so.2!_dl_start+0x55c",
          "ld-linux-x86-64.so.2+0x1ab78"
         ]
        ]
       }
      ]
     },
     "paths": [
      {
       "path": "/etc/ld.so.cache",
       "did": [
        "read"
       ],
       "was": [
        "file"
       ],
       "count": 1
      },
      {
       "path": "/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2",
       "did": [
        "execute"
       ],
       "was": [
        "file"
       ],
       "count": 1
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
       "path": "/usr/lib/x86_64-linux-gnu/libcrypt.so.1.1.0",
       "did": [
        "read"
       ],
       "was": [
        "file"
       ],
       "count": 1
      },
      {
       "path": "/usr/lib/x86_64-linux-gnu/libcrypto.so.3",
       "did": [
        "read"
       ],
       "was": [
        "file"
       ],
       "count": 1
      },
      {
       "path": "/usr/lib/x86_64-linux-gnu/libpcre2-8.so.0.11.2",
       "did": [
        "read"
       ],
       "was": [
        "file"
       ],
       "count": 1
      },
      {
       "path": "/usr/lib/x86_64-linux-gnu/libssl.so.3",
       "did": [
        "read"
       ],
       "was": [
        "file"
       ],
       "count": 1
      },
      {
       "path": "/usr/lib/x86_64-linux-gnu/libz.so.1.2.13",
       "did": [
        "read"
       ],
       "was": [
        "file"
       ],
       "count": 1
      },
      {
       "path": "/usr/sbin/nginx",
       "did": [
        "execute"
       ],
       "was": [
        "file"
       ],
       "count": 2
      }
     ]
    },
    "main": {
     "calls": {
      "x86_64": [
       {
        "name": "read",
        "number": 0,
        "count": 38,
        "results": {
         "ok": 1
        },
        "after": [
         "forked",
         "bind",
         "listen",
         "connect",
         "rt_sigsuspend"
        ],
        "sites": [
         [
          "libc.so.6!__read_nocancel+0x4",
          "libc.so.6!_IO_file_underflow+0x17e",
          "libc.so.6!_IO_file_xsgetn+0x190",
          "libc.so.6!fread_unlocked+0x34",
          "libc.so.6!__tzfile_read+0x20b",
          "libc.so.6!tzset_internal+0x154",
          "libc.so.6!__tz_convert+0x4f",
          "nginx!ngx_localtime+0x17",
          "nginx!ngx_time_update+0x1eb",
          "nginx!main+0x15f",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ]
        ]
       },
       {
        "name": "write",
        "number": 1,
        "count": 203,
        "results": {
         "ok": 1
        },
        "after": [
         "forked",
         "setuid",
         "accept4",
         "epoll_wait",
         "recvfrom",
         "recvmsg"
        ],
        "sites": [
         [
          "libc.so.6!write+0x10",
          "nginx+0x76e8c",
          "nginx+0x776e8",
          "nginx+0x6ba00",
          "nginx!ngx_http_free_request+0x1a8",
          "nginx+0x6db10",
          "nginx!ngx_http_core_content_phase+0xeb",
          "nginx!ngx_http_core_run_phases+0x2d",
          "nginx+0x708b8",
          "nginx+0x70d7f",
          "nginx+0x544ab",
          "nginx!ngx_process_events_and_timers+0x86",
          "nginx+0x51b5d",
          "nginx!ngx_spawn_process+0x2b3",
          "nginx+0x51398",
          "nginx!ngx_master_process_cycle+0x1c9",
          "nginx!main+0xb8e",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ]
        ]
       },
       {
        "name": "close",
        "number": 3,
        "count": 482,
        "results": {
         "ok": 1
        },
        "after": [
         "forked",
         "setuid",
         "bind",
         "listen",
         "connect",
         "accept4",
         "epoll_wait",
         "recvfrom",
         "recvmsg",
         "rt_sigsuspend",
         "clock_nanosleep",
         "wait4"
        ],
        "sites": [
         [
          "libc.so.6!__close_nocancel+0x7",
          "libc.so.6!_IO_file_close_it+0x68",
          "libc.so.6!fclose+0x128",
          "libc.so.6!__tzfile_read+0xa61",
          "libc.so.6!tzset_internal+0x154",
          "libc.so.6!__tz_convert+0x4f",
          "nginx!ngx_localtime+0x17",
          "nginx!ngx_time_update+0x1eb",
          "nginx!main+0x15f",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ]
        ]
       },
       {
        "name": "lseek",
        "number": 8,
        "count": 9,
        "results": {
         "ok": 1
        },
        "after": [
         "forked",
         "bind",
         "listen",
         "connect",
         "rt_sigsuspend"
        ],
        "args": [
         {
          "index": 2,
          "name": "whence",
          "values": [
           {
            "value": "0x0",
            "name": "SEEK_SET",
            "count": 8
           },
           {
            "value": "0x1",
            "name": "SEEK_CUR",
            "count": 1
           }
          ]
         }
        ],
        "sites": [
         [
          "libc.so.6!lseek+0x7",
          "libc.so.6!_IO_file_seekoff+0x1ad",
          "libc.so.6!fseeko+0x63",
          "libc.so.6!__nss_files_fopen+0x27",
          "libc.so.6!_nss_files_getpwnam_r+0x2b",
          "libc.so.6!getpwnam_r+0x123",
          "libc.so.6!getpwnam+0xa0",
          "nginx+0x25f3c",
          "nginx!ngx_conf_parse+0x84e",
          "nginx!ngx_init_cycle+0x61b",
          "nginx!main+0x96e",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ],
         [
          "libc.so.6!lseek+0x7",
          "libc.so.6!_IO_file_seekoff+0x2a6",
          "libc.so.6!fseek+0x63",
          "libc.so.6!__tzfile_read+0x612",
          "libc.so.6!tzset_internal+0x154",
          "libc.so.6!__tz_convert+0x4f",
          "nginx!ngx_localtime+0x17",
          "nginx!ngx_time_update+0x1eb",
          "nginx!main+0x15f",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ]
        ]
       },
       {
        "name": "mmap",
        "number": 9,
        "count": 53,
        "results": {
         "ok": 1
        },
        "after": [
         "forked",
         "bind",
         "listen",
         "connect"
        ],
        "args": [
         {
          "index": 2,
          "name": "prot",
          "values": [
           {
            "value": "0x1",
            "name": "PROT_READ",
            "count": 28
           },
           {
            "value": "0x3",
            "name": "PROT_READ|PROT_WRITE",
            "count": 13
           },
           {
            "value": "0x5",
            "name": "PROT_READ|PROT_EXEC",
            "count": 12
           }
          ]
         },
         {
          "index": 3,
          "name": "flags",
          "values": [
           {
            "value": "0x2",
            "name": "MAP_PRIVATE",
            "count": 4
           },
           {
            "value": "0x21",
            "name": "MAP_SHARED|MAP_ANONYMOUS",
            "count": 1
           },
           {
            "value": "0x802",
            "name": "MAP_PRIVATE|MAP_DENYWRITE",
            "count": 12
           },
           {
            "value": "0x812",
            "name": "MAP_PRIVATE|MAP_FIXED|MAP_DENYWRITE",
            "count": 36
           }
          ]
         }
        ],
        "sites": [
         [
          "ld-linux-x86-64.so.2!mmap+0x13",
          "ld-linux-x86-64.so.2!_dl_map_object_from_fd+0x30c",
          "ld-linux-x86-64.so.2!_dl_map_object+0x215",
          "ld-linux-x86-64.so.2!dl_open_worker_begin+0xa5",
          "libc.so.6!_dl_catch_exception+0x7a",
          "ld-linux-x86-64.so.2!dl_open_worker+0x36",
          "libc.so.6!_dl_catch_exception+0x7a",
          "ld-linux-x86-64.so.2!_dl_open+0xa8",
          "libc.so.6!do_dlopen+0x3d",
          "libc.so.6!_dl_catch_exception+0x7a",
          "libc.so.6!_dl_catch_error+0x2f",
          "libc.so.6!dlerror_run+0x41",
          "libc.so.6!__libc_dlopen_mode+0x6f",
          "libc.so.6!module_load+0xa7",
          "libc.so.6!__nss_module_get_function+0x45",
          "libc.so.6!internal_getgrouplist+0xbc",
          "libc.so.6!initgroups+0x7b",
          "nginx+0x5190e",
          "nginx+0x51b2d",
          "nginx!ngx_spawn_process+0x2b3",
          "nginx+0x51398",
          "nginx!ngx_master_process_cycle+0x1c9",
          "nginx!main+0xb8e",
          "libc.so.6!__libc_start_call_main+0x7a"
         ],
         [
          "ld-linux-x86-64.so.2!mmap+0x13",
          "ld-linux-x86-64.so.2!_dl_map_object_from_fd+0x4a9",
          "ld-linux-x86-64.so.2!_dl_map_object+0x215",
          "ld-linux-x86-64.so.2!dl_open_worker_begin+0xa5",
          "libc.so.6!_dl_catch_exception+0x7a",
          "ld-linux-x86-64.so.2!dl_open_worker+0x36",
          "libc.so.6!_dl_catch_exception+0x7a",
          "ld-linux-x86-64.so.2!_dl_open+0xa8",
          "libc.so.6!do_dlopen+0x3d",
          "libc.so.6!_dl_catch_exception+0x7a",
          "libc.so.6!_dl_catch_error+0x2f",
          "libc.so.6!dlerror_run+0x41",
          "libc.so.6!__libc_dlopen_mode+0x6f",
          "libc.so.6!module_load+0xa7",
          "libc.so.6!__nss_module_get_function+0x45",
          "libc.so.6!internal_getgrouplist+0xbc",
          "libc.so.6!initgroups+0x7b",
          "nginx+0x5190e",
          "nginx+0x51b2d",
          "nginx!ngx_spawn_process+0x2b3",
          "nginx+0x51398",
          "nginx!ngx_master_process_cycle+0x1c9",
          "nginx!main+0xb8e",
          "libc.so.6!__libc_start_call_main+0x7a"
         ],
         [
          "ld-linux-x86-64.so.2!mmap+0x13",
          "ld-linux-x86-64.so.2!_dl_sysdep_read_whole_file+0x85",
          "ld-linux-x86-64.so.2!_dl_load_cache_lookup+0x124",
          "ld-linux-x86-64.so.2!_dl_map_object+0x333",
          "ld-linux-x86-64.so.2!dl_open_worker_begin+0xa5",
          "libc.so.6!_dl_catch_exception+0x7a",
          "ld-linux-x86-64.so.2!dl_open_worker+0x36",
          "libc.so.6!_dl_catch_exception+0x7a",
          "ld-linux-x86-64.so.2!_dl_open+0xa8",
          "libc.so.6!do_dlopen+0x3d",
          "libc.so.6!_dl_catch_exception+0x7a",
          "libc.so.6!_dl_catch_error+0x2f",
          "libc.so.6!dlerror_run+0x41",
          "libc.so.6!__libc_dlopen_mode+0x6f",
          "libc.so.6!module_load+0xa7",
          "libc.so.6!__nss_module_get_function+0x45",
          "libc.so.6!internal_getgrouplist+0xbc",
          "libc.so.6!initgroups+0x7b",
          "nginx+0x5190e",
          "nginx+0x51b2d",
          "nginx!ngx_spawn_process+0x2b3",
          "nginx+0x51398",
          "nginx!ngx_master_process_cycle+0x1c9",
          "nginx!main+0xb8e"
         ],
         [
          "libc.so.6!mmap+0x13",
          "nginx!ngx_shm_alloc+0x27",
          "nginx+0x473e2",
          "nginx!ngx_init_modules+0x2e",
          "nginx!ngx_init_cycle+0x118c",
          "nginx!main+0x96e",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ]
        ]
       },
       {
        "name": "mprotect",
        "number": 10,
        "count": 12,
        "results": {
         "ok": 1
        },
        "after": [
         "forked"
        ],
        "args": [
         {
          "index": 2,
          "name": "prot",
          "values": [
           {
            "value": "0x1",
            "name": "PROT_READ",
            "count": 12
           }
          ]
         }
        ],
        "sites": [
         [
          "ld-linux-x86-64.so.2!mprotect+0x7",
          "ld-linux-x86-64.so.2!_dl_protect_relro+0x3d",
          "ld-linux-x86-64.so.2!_dl_relocate_object+0x10d8",
          "ld-linux-x86-64.so.2!dl_open_worker_begin+0x2aa",
          "libc.so.6!_dl_catch_exception+0x7a",
          "ld-linux-x86-64.so.2!dl_open_worker+0x36",
          "libc.so.6!_dl_catch_exception+0x7a",
          "ld-linux-x86-64.so.2!_dl_open+0xa8",
          "libc.so.6!do_dlopen+0x3d",
          "libc.so.6!_dl_catch_exception+0x7a",
          "libc.so.6!_dl_catch_error+0x2f",
          "libc.so.6!dlerror_run+0x41",
          "libc.so.6!__libc_dlopen_mode+0x6f",
          "libc.so.6!module_load+0xa7",
          "libc.so.6!__nss_module_get_function+0x45",
          "libc.so.6!internal_getgrouplist+0xbc",
          "libc.so.6!initgroups+0x7b",
          "nginx+0x5190e",
          "nginx+0x51b2d",
          "nginx!ngx_spawn_process+0x2b3",
          "nginx+0x51398",
          "nginx!ngx_master_process_cycle+0x1c9",
          "nginx!main+0xb8e",
          "libc.so.6!__libc_start_call_main+0x7a"
         ]
        ]
       },
       {
        "name": "munmap",
        "number": 11,
        "count": 4,
        "results": {
         "ok": 1
        },
        "after": [
         "forked"
        ],
        "sites": [
         [
          "ld-linux-x86-64.so.2!munmap+0x7",
          "ld-linux-x86-64.so.2!_dl_unload_cache+0x30",
          "ld-linux-x86-64.so.2!_dl_open+0xaf",
          "libc.so.6!do_dlopen+0x3d",
          "libc.so.6!_dl_catch_exception+0x7a",
          "libc.so.6!_dl_catch_error+0x2f",
          "libc.so.6!dlerror_run+0x41",
          "libc.so.6!__libc_dlopen_mode+0x6f",
          "libc.so.6!module_load+0xa7",
          "libc.so.6!__nss_module_get_function+0x45",
          "libc.so.6!internal_getgrouplist+0xbc",
          "libc.so.6!initgroups+0x7b",
          "nginx+0x5190e",
          "nginx+0x51b2d",
          "nginx!ngx_spawn_process+0x2b3",
          "nginx+0x51398",
          "nginx!ngx_master_process_cycle+0x1c9",
          "nginx!main+0xb8e",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ]
        ]
       },
       {
        "name": "brk",
        "number": 12,
        "count": 13,
        "results": {
         "ok": 1
        },
        "after": [
         "forked",
         "setuid",
         "bind",
         "listen",
         "connect",
         "accept4",
         "epoll_wait",
         "recvfrom",
         "recvmsg",
         "rt_sigsuspend",
         "clock_nanosleep",
         "wait4"
        ],
        "sites": [
         [
          "libc.so.6!brk+0x7",
          "libc.so.6!sbrk+0x4c",
          "libc.so.6!__glibc_morecore+0x12",
          "libc.so.6!sysmalloc+0x479",
          "libc.so.6!_int_malloc+0xd5e",
          "libc.so.6!tcache_init.part.0+0x35",
          "libc.so.6!malloc+0x11e",
          "libc.so.6!strdup+0x1a",
          "libc.so.6!tzset_internal+0x141",
          "libc.so.6!__tz_convert+0x4f",
          "nginx!ngx_localtime+0x17",
          "nginx!ngx_time_update+0x1eb",
          "nginx!main+0x15f",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ]
        ]
       },
       {
        "name": "rt_sigaction",
        "number": 13,
        "count": 12,
        "results": {
         "ok": 1
        },
        "after": [
         "bind",
         "listen",
         "connect"
        ],
        "sites": [
         [
          "libc.so.6!__libc_sigaction+0xbf",
          "nginx!ngx_init_signals+0x63",
          "nginx!main+0xa59",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ]
        ]
       },
       {
        "name": "rt_sigprocmask",
        "number": 14,
        "count": 13,
        "results": {
         "ok": 1
        },
        "after": [
         "forked",
         "setuid",
         "bind",
         "listen",
         "connect"
        ],
        "args": [
         {
          "index": 0,
          "name": "how",
          "values": [
           {
            "value": "0x0",
            "name": "SIG_BLOCK",
            "count": 5
           },
           {
            "value": "0x2",
            "name": "SIG_SETMASK",
            "count": 8
           }
          ]
         }
        ],
        "sites": [
         [
          "libc.so.6!pthread_sigmask+0x44",
          "libc.so.6!sigprocmask+0x9",
          "libnss_systemd.so.2!_nss_systemd_initgroups_dyn+0x167",
          "libc.so.6!internal_getgrouplist+0x100",
          "libc.so.6!initgroups+0x7b",
          "nginx+0x5190e",
          "nginx+0x51b2d",
          "nginx!ngx_spawn_process+0x2b3",
          "nginx+0x51398",
          "nginx!ngx_master_process_cycle+0x1c9",
          "nginx!main+0xb8e",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ],
         [
          "libc.so.6!pthread_sigmask+0x44",
          "libc.so.6!sigprocmask+0x9",
          "nginx!ngx_master_process_cycle+0xcd",
          "nginx!main+0xb8e",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ]
        ]
       },
       {
        "name": "rt_sigreturn",
        "number": 15,
        "count": 5,
        "after": [
         "bind",
         "listen",
         "connect",
         "rt_sigsuspend",
         "clock_nanosleep",
         "wait4"
        ],
        "sites": [
         [
          "libc.so.6+0x3c059"
         ]
        ]
       },
       {
        "name": "ioctl",
        "number": 16,
        "count": 13,
        "results": {
         "ok": 1
        },
        "after": [
         "bind",
         "listen",
         "connect",
         "rt_sigsuspend"
        ],
        "args": [
         {
          "index": 1,
          "name": "request",
          "values": [
           {
            "value": "0x5421",
            "name": "FIONBIO",
            "count": 9
           },
           {
            "value": "0x5452",
            "name": "FIOASYNC",
            "count": 4
           }
          ]
         }
        ],
        "sites": [
         [
          "libc.so.6!ioctl+0x3b",
          "nginx!ngx_nonblocking+0x2b",
          "nginx!ngx_open_listening_sockets+0x268",
          "nginx!ngx_init_cycle+0x1149",
          "nginx!main+0x96e",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ],
         [
          "libc.so.6!ioctl+0x3b",
          "nginx!ngx_spawn_process+0x11e",
          "nginx+0x51398",
          "nginx!ngx_master_process_cycle+0x1c9",
          "nginx!main+0xb8e",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ]
        ]
       },
       {
        "name": "pread64",
        "number": 17,
        "count": 203,
        "results": {
         "ok": 1
        },
        "after": [
         "forked",
         "setuid",
         "bind",
         "listen",
         "connect",
         "accept4",
         "epoll_wait",
         "recvfrom",
         "recvmsg",
         "rt_sigsuspend"
        ],
        "sites": [
         [
          "libc.so.6!pread+0x13",
          "nginx!ngx_read_file+0x32",
          "nginx!ngx_conf_parse+0x261",
          "nginx!ngx_init_cycle+0x61b",
          "nginx!main+0x96e",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ]
        ]
       },
       {
        "name": "pwrite64",
        "number": 18,
        "count": 1,
        "results": {
         "ok": 1
        },
        "after": [
         "bind",
         "listen",
         "connect"
        ],
        "sites": [
         [
          "libc.so.6!pwrite+0x13",
          "nginx!ngx_write_file+0x41",
          "nginx!ngx_create_pidfile+0x144",
          "nginx!main+0xa94",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ]
        ]
       },
       {
        "name": "writev",
        "number": 20,
        "count": 202,
        "results": {
         "ok": 1
        },
        "after": [
         "forked",
         "setuid",
         "accept4",
         "epoll_wait",
         "recvfrom",
         "recvmsg"
        ],
        "sites": [
         [
          "libc.so.6!writev+0x10",
          "nginx!ngx_writev+0x1b",
          "nginx!ngx_linux_sendfile_chain+0x11c",
          "nginx!ngx_http_write_filter+0x4b8",
          "nginx!ngx_output_chain+0x322",
          "nginx+0xa2b38",
          "nginx!ngx_http_output_filter+0x2b",
          "nginx+0xae3da",
          "nginx!ngx_http_core_content_phase+0x7a",
          "nginx!ngx_http_core_run_phases+0x2d",
          "nginx!ngx_http_internal_redirect+0xea",
          "nginx+0xb2bd6",
          "nginx!ngx_http_core_content_phase+0x7a",
          "nginx!ngx_http_core_run_phases+0x2d",
          "nginx+0x708b8",
          "nginx+0x70d7f",
          "nginx+0x544ab",
          "nginx!ngx_process_events_and_timers+0x86",
          "nginx+0x51b5d",
          "nginx!ngx_spawn_process+0x2b3",
          "nginx+0x51398",
          "nginx!ngx_master_process_cycle+0x1c9",
          "nginx!main+0xb8e",
          "libc.so.6!__libc_start_call_main+0x7a"
         ]
        ]
       },
       {
        "name": "dup2",
        "number": 33,
        "count": 2,
        "results": {
         "ok": 1
        },
        "after": [
         "bind",
         "listen",
         "connect",
         "rt_sigsuspend"
        ],
        "sites": [
         [
          "libc.so.6!dup2+0x7",
          "nginx!ngx_log_redirect_stderr+0x32",
          "nginx!main+0xaa5",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ]
        ]
       },
       {
        "name": "getpid",
        "number": 39,
        "count": 5,
        "results": {
         "ok": 1
        },
        "after": [
         "forked"
        ],
        "sites": [
         [
          "libc.so.6!getpid+0x7",
          "nginx!main+0x169",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ]
        ]
       },
       {
        "name": "socket",
        "number": 41,
        "count": 5,
        "results": {
         "ok": 1
        },
        "after": [
         "connect"
        ],
        "args": [
         {
          "index": 0,
          "name": "domain",
          "values": [
           {
            "value": "0x1",
            "name": "AF_UNIX",
            "count": 4
           },
           {
            "value": "0x2",
            "name": "AF_INET",
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
            "count": 1
           },
           {
            "value": "0x80801",
            "name": "SOCK_STREAM|SOCK_CLOEXEC|SOCK_NONBLOCK",
            "count": 4
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
            "count": 5
           }
          ]
         }
        ],
        "sites": [
         [
          "libc.so.6!socket+0x7",
          "libc.so.6!open_socket+0x41",
          "libc.so.6!__nscd_get_mapping+0x80",
          "libc.so.6!__nscd_get_map_ref+0xcf",
          "libc.so.6!nscd_getpw_r+0x68",
          "libc.so.6!__nscd_getpwnam_r+0x3e",
          "libc.so.6!getpwnam_r+0x191",
          "libc.so.6!getpwnam+0xa0",
          "nginx+0x25f3c",
          "nginx!ngx_conf_parse+0x84e",
          "nginx!ngx_init_cycle+0x61b",
          "nginx!main+0x96e",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ],
         [
          "libc.so.6!socket+0x7",
          "nginx!ngx_open_listening_sockets+0x98",
          "nginx!ngx_init_cycle+0x1149",
          "nginx!main+0x96e",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ]
        ]
       },
       {
        "name": "connect",
        "number": 42,
        "count": 4,
        "results": {
         "ENOENT": 4
        },
        "after": [
         "connect"
        ],
        "sites": [
         [
          "libc.so.6!connect+0x10",
          "libc.so.6!open_socket+0xa4",
          "libc.so.6!__nscd_get_mapping+0x80",
          "libc.so.6!__nscd_get_map_ref+0xcf",
          "libc.so.6!nscd_getpw_r+0x68",
          "libc.so.6!__nscd_getpwnam_r+0x3e",
          "libc.so.6!getpwnam_r+0x191",
          "libc.so.6!getpwnam+0xa0",
          "nginx+0x25f3c",
          "nginx!ngx_conf_parse+0x84e",
          "nginx!ngx_init_cycle+0x61b",
          "nginx!main+0x96e",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ]
        ]
       },
       {
        "name": "recvfrom",
        "number": 45,
        "count": 225,
        "results": {
         "ok": 1
        },
        "after": [
         "forked",
         "setuid",
         "accept4",
         "epoll_wait",
         "recvfrom",
         "recvmsg"
        ],
        "args": [
         {
          "index": 3,
          "name": "flags",
          "values": [
           {
            "value": "0x0",
            "name": "0",
            "count": 225
           }
          ]
         }
        ],
        "sites": [
         [
          "libc.so.6!recv+0x19",
          "nginx!ngx_unix_recv+0x9a",
          "nginx+0x70e73",
          "nginx+0x544ab",
          "nginx!ngx_process_events_and_timers+0x86",
          "nginx+0x51b5d",
          "nginx!ngx_spawn_process+0x2b3",
          "nginx+0x51398",
          "nginx!ngx_master_process_cycle+0x1c9",
          "nginx!main+0xb8e",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ]
        ]
       },
       {
        "name": "sendmsg",
        "number": 46,
        "count": 14,
        "results": {
         "ok": 1
        },
        "after": [
         "bind",
         "listen",
         "connect",
         "rt_sigsuspend",
         "clock_nanosleep",
         "wait4"
        ],
        "args": [
         {
          "index": 2,
          "name": "flags",
          "values": [
           {
            "value": "0x0",
            "name": "0",
            "count": 14
           }
          ]
         }
        ],
        "sites": [
         [
          "libc.so.6!sendmsg+0x10",
          "nginx!ngx_write_channel+0x74",
          "nginx+0x512b3",
          "nginx+0x513a0",
          "nginx!ngx_master_process_cycle+0x1c9",
          "nginx!main+0xb8e",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ]
        ]
       },
       {
        "name": "recvmsg",
        "number": 47,
        "count": 28,
        "results": {
         "ok": 1
        },
        "after": [
         "forked",
         "setuid",
         "accept4",
         "epoll_wait",
         "recvfrom",
         "recvmsg"
        ],
        "args": [
         {
          "index": 2,
          "name": "flags",
          "values": [
           {
            "value": "0x0",
            "name": "0",
            "count": 28
           }
          ]
         }
        ],
        "sites": [
         [
          "libc.so.6!recvmsg+0x15",
          "nginx!ngx_read_channel+0x68",
          "nginx+0x52295",
          "nginx+0x544ab",
          "nginx!ngx_process_events_and_timers+0x86",
          "nginx+0x51b5d",
          "nginx!ngx_spawn_process+0x2b3",
          "nginx+0x51398",
          "nginx!ngx_master_process_cycle+0x1c9",
          "nginx!main+0xb8e",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ]
        ]
       },
       {
        "name": "bind",
        "number": 49,
        "count": 1,
        "results": {
         "ok": 1
        },
        "after": [
         "bind",
         "connect"
        ],
        "sites": [
         [
          "libc.so.6!bind+0x7",
          "nginx!ngx_open_listening_sockets+0x132",
          "nginx!ngx_init_cycle+0x1149",
          "nginx!main+0x96e",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ]
        ]
       },
       {
        "name": "listen",
        "number": 50,
        "count": 2,
        "results": {
         "ok": 1
        },
        "after": [
         "bind",
         "listen",
         "connect"
        ],
        "sites": [
         [
          "libc.so.6!listen+0x7",
          "nginx!ngx_open_listening_sockets+0x2fb",
          "nginx!ngx_init_cycle+0x1149",
          "nginx!main+0x96e",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ]
        ]
       },
       {
        "name": "socketpair",
        "number": 53,
        "count": 8,
        "results": {
         "ok": 1
        },
        "after": [
         "forked",
         "setuid",
         "bind",
         "listen",
         "connect",
         "rt_sigsuspend"
        ],
        "args": [
         {
          "index": 0,
          "name": "domain",
          "values": [
           {
            "value": "0x1",
            "name": "AF_UNIX",
            "count": 8
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
            "count": 8
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
            "count": 8
           }
          ]
         }
        ],
        "sites": [
         [
          "libc.so.6!socketpair+0xa",
          "nginx!ngx_spawn_process+0xb7",
          "nginx+0x51398",
          "nginx!ngx_master_process_cycle+0x1c9",
          "nginx!main+0xb8e",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ]
        ]
       },
       {
        "name": "setsockopt",
        "number": 54,
        "count": 1,
        "results": {
         "ok": 1
        },
        "after": [
         "connect"
        ],
        "args": [
         {
          "index": 1,
          "name": "level",
          "values": [
           {
            "value": "0x1",
            "name": "SOL_SOCKET",
            "count": 1
           }
          ]
         },
         {
          "index": 2,
          "name": "optname",
          "values": [
           {
            "value": "0x2",
            "name": "2",
            "count": 1
           }
          ]
         }
        ],
        "sites": [
         [
          "libc.so.6!setsockopt+0xa",
          "nginx!ngx_open_listening_sockets+0xd4",
          "nginx!ngx_init_cycle+0x1149",
          "nginx!main+0x96e",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ]
        ]
       },
       {
        "name": "clone",
        "number": 56,
        "count": 4,
        "results": {
         "ok": 1
        },
        "after": [
         "bind",
         "listen",
         "connect",
         "rt_sigsuspend"
        ],
        "args": [
         {
          "index": 0,
          "name": "flags",
          "values": [
           {
            "value": "0x1200011",
            "name": "CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD",
            "count": 4
           }
          ]
         }
        ],
        "sites": [
         [
          "libc.so.6!_Fork+0x23",
          "libc.so.6!fork+0x4b",
          "nginx!ngx_spawn_process+0x1a1",
          "nginx+0x51398",
          "nginx!ngx_master_process_cycle+0x1c9",
          "nginx!main+0xb8e",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ]
        ]
       },
       {
        "name": "wait4",
        "number": 61,
        "count": 6,
        "results": {
         "ok": 1
        },
        "after": [
         "bind",
         "listen",
         "connect",
         "rt_sigsuspend",
         "clock_nanosleep",
         "wait4"
        ],
        "args": [
         {
          "index": 2,
          "name": "options",
          "values": [
           {
            "value": "0x1",
            "name": "WNOHANG",
            "count": 6
           }
          ]
         }
        ],
        "sites": [
         [
          "libc.so.6!wait4+0x13",
          "nginx+0x4fa5d",
          "libc.so.6+0x3c050",
          "libc.so.6!sigsuspend+0x15",
          "nginx!ngx_master_process_cycle+0x2b1",
          "nginx!main+0xb8e",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ]
        ]
       },
       {
        "name": "uname",
        "number": 63,
        "count": 3,
        "results": {
         "ok": 1
        },
        "after": [
         "bind",
         "listen",
         "connect",
         "rt_sigsuspend"
        ],
        "sites": [
         [
          "libc.so.6!uname+0x7",
          "nginx!ngx_os_specific_init+0x2a",
          "nginx!ngx_os_init+0x12",
          "nginx!main+0x404",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ]
        ]
       },
       {
        "name": "fcntl",
        "number": 72,
        "count": 16,
        "results": {
         "ok": 1
        },
        "after": [
         "bind",
         "listen",
         "connect",
         "rt_sigsuspend"
        ],
        "args": [
         {
          "index": 1,
          "name": "cmd",
          "values": [
           {
            "value": "0x2",
            "name": "F_SETFD",
            "count": 12
           },
           {
            "value": "0x8",
            "name": "F_SETOWN",
            "count": 4
           }
          ]
         }
        ],
        "sites": [
         [
          "libc.so.6!__fcntl64_nocancel_adjusted+0x20",
          "libc.so.6!fcntl+0x44",
          "nginx!ngx_init_cycle+0x7ef",
          "nginx!main+0x96e",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ],
         [
          "libc.so.6!__fcntl64_nocancel_adjusted+0x20",
          "libc.so.6!fcntl+0x44",
          "nginx!ngx_spawn_process+0x140",
          "nginx+0x51398",
          "nginx!ngx_master_process_cycle+0x1c9",
          "nginx!main+0xb8e",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ]
        ]
       },
       {
        "name": "mkdir",
        "number": 83,
        "count": 10,
        "results": {
         "ok": 1
        },
        "after": [
         "bind",
         "listen",
         "connect",
         "rt_sigsuspend"
        ],
        "sites": [
         [
          "libc.so.6!mkdir+0x7",
          "nginx!ngx_create_paths+0xe5",
          "nginx!ngx_init_cycle+0x74e",
          "nginx!main+0x96e",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ]
        ]
       },
       {
        "name": "unlink",
        "number": 87,
        "count": 1,
        "results": {
         "ok": 1
        },
        "after": [
         "bind",
         "listen",
         "connect",
         "rt_sigsuspend",
         "clock_nanosleep",
         "wait4"
        ],
        "sites": [
         [
          "libc.so.6!unlink+0x7",
          "nginx!ngx_delete_pidfile+0x57",
          "nginx+0x50ece",
          "nginx!ngx_master_process_cycle+0xa48",
          "nginx!main+0xb8e",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ]
        ]
       },
       {
        "name": "chown",
        "number": 92,
        "count": 5,
        "results": {
         "ok": 1
        },
        "after": [
         "connect"
        ],
        "sites": [
         [
          "libc.so.6!chown+0x7",
          "nginx!ngx_create_paths+0x89",
          "nginx!ngx_init_cycle+0x74e",
          "nginx!main+0x96e",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ]
        ]
       },
       {
        "name": "sysinfo",
        "number": 99,
        "count": 1,
        "results": {
         "ok": 1
        },
        "sites": [
         [
          "libc.so.6!sysinfo+0x7",
          "libc.so.6!get_phys_pages+0x21",
          "libc.so.6!qsort_r+0x29a",
          "libssl.so.3+0x278ca",
          "libssl.so.3+0x3266e",
          "libc.so.6!__pthread_once_slow+0xd7",
          "libcrypto.so.3!CRYPTO_THREAD_run_once+0x9",
          "libssl.so.3!OPENSSL_init_ssl+0x5b",
          "nginx!ngx_ssl_init+0x10",
          "nginx!main+0x1ac",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ]
        ]
       },
       {
        "name": "setuid",
        "number": 105,
        "count": 4,
        "results": {
         "ok": 1
        },
        "after": [
         "forked",
         "setuid"
        ],
        "sites": [
         [
          "libc.so.6!setuid+0x24",
          "nginx+0x51931",
          "nginx+0x51b2d",
          "nginx!ngx_spawn_process+0x2b3",
          "nginx+0x51398",
          "nginx!ngx_master_process_cycle+0x1c9",
          "nginx!main+0xb8e",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ]
        ]
       },
       {
        "name": "setgid",
        "number": 106,
        "count": 4,
        "results": {
         "ok": 1
        },
        "after": [
         "forked"
        ],
        "sites": [
         [
          "libc.so.6!setgid+0x24",
          "nginx+0x518f9",
          "nginx+0x51b2d",
          "nginx!ngx_spawn_process+0x2b3",
          "nginx+0x51398",
          "nginx!ngx_master_process_cycle+0x1c9",
          "nginx!main+0xb8e",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ]
        ]
       },
       {
        "name": "geteuid",
        "number": 107,
        "count": 6,
        "results": {
         "ok": 1
        },
        "after": [
         "forked",
         "bind",
         "listen",
         "connect",
         "rt_sigsuspend"
        ],
        "sites": [
         [
          "libc.so.6!geteuid+0x7",
          "nginx+0x25f13",
          "nginx!ngx_conf_parse+0x84e",
          "nginx!ngx_init_cycle+0x61b",
          "nginx!main+0x96e",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ]
        ]
       },
       {
        "name": "getppid",
        "number": 110,
        "count": 1,
        "results": {
         "ok": 1
        },
        "sites": [
         [
          "libc.so.6!getppid+0x7",
          "nginx!main+0x177",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ]
        ]
       },
       {
        "name": "setgroups",
        "number": 116,
        "count": 4,
        "results": {
         "ok": 1
        },
        "after": [
         "forked"
        ],
        "sites": [
         [
          "libc.so.6!setgroups+0x24",
          "libc.so.6!initgroups+0xa6",
          "nginx+0x5190e",
          "nginx+0x51b2d",
          "nginx!ngx_spawn_process+0x2b3",
          "nginx+0x51398",
          "nginx!ngx_master_process_cycle+0x1c9",
          "nginx!main+0xb8e",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ]
        ]
       },
       {
        "name": "rt_sigsuspend",
        "number": 130,
        "count": 5,
        "after": [
         "bind",
         "listen",
         "connect",
         "rt_sigsuspend",
         "clock_nanosleep",
         "wait4"
        ],
        "sites": [
         [
          "libc.so.6!sigsuspend+0x15",
          "nginx!ngx_master_process_cycle+0x2b1",
          "nginx!main+0xb8e",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ]
        ]
       },
       {
        "name": "prctl",
        "number": 157,
        "count": 28,
        "results": {
         "ok": 1
        },
        "after": [
         "forked",
         "setuid"
        ],
        "args": [
         {
          "index": 0,
          "name": "option",
          "values": [
           {
            "value": "0x4",
            "name": "PR_SET_DUMPABLE",
            "count": 4
           },
           {
            "value": "0x17",
            "name": "PR_CAPBSET_READ",
            "count": 24
           }
          ]
         }
        ],
        "sites": [
         [
          "libc.so.6!prctl+0x4d",
          "libcap.so.2.66!_libcap_initialize+0x7e",
          "ld-linux-x86-64.so.2!call_init+0xce",
          "ld-linux-x86-64.so.2!_dl_init+0x74",
          "libc.so.6!_dl_catch_exception+0xd4",
          "ld-linux-x86-64.so.2!dl_open_worker+0x8e",
          "libc.so.6!_dl_catch_exception+0x7a",
          "ld-linux-x86-64.so.2!_dl_open+0xa8",
          "libc.so.6!do_dlopen+0x3d",
          "libc.so.6!_dl_catch_exception+0x7a",
          "libc.so.6!_dl_catch_error+0x2f",
          "libc.so.6!dlerror_run+0x41",
          "libc.so.6!__libc_dlopen_mode+0x6f",
          "libc.so.6!module_load+0xa7",
          "libc.so.6!__nss_module_get_function+0x45",
          "libc.so.6!internal_getgrouplist+0xbc",
          "libc.so.6!initgroups+0x7b",
          "nginx+0x5190e",
          "nginx+0x51b2d",
          "nginx!ngx_spawn_process+0x2b3",
          "nginx+0x51398",
          "nginx!ngx_master_process_cycle+0x1c9",
          "nginx!main+0xb8e",
          "libc.so.6!__libc_start_call_main+0x7a"
         ],
         [
          "libc.so.6!prctl+0x4d",
          "nginx+0x51567",
          "nginx+0x51b2d",
          "nginx!ngx_spawn_process+0x2b3",
          "nginx+0x51398",
          "nginx!ngx_master_process_cycle+0x1c9",
          "nginx!main+0xb8e",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ]
        ]
       },
       {
        "name": "gettid",
        "number": 186,
        "count": 1,
        "results": {
         "ok": 1
        },
        "after": [
         "forked",
         "setuid",
         "accept4",
         "epoll_wait",
         "recvfrom",
         "recvmsg"
        ],
        "sites": [
         [
          "libc.so.6!syscall+0x19",
          "nginx!ngx_thread_tid+0x10",
          "nginx!ngx_log_error_core+0xea",
          "nginx+0xae1a1",
          "nginx!ngx_http_core_content_phase+0x7a",
          "nginx!ngx_http_core_run_phases+0x2d",
          "nginx+0x708b8",
          "nginx+0x70d7f",
          "nginx+0x544ab",
          "nginx!ngx_process_events_and_timers+0x86",
          "nginx+0x51b5d",
          "nginx!ngx_spawn_process+0x2b3",
          "nginx+0x51398",
          "nginx!ngx_master_process_cycle+0x5d2",
          "nginx!main+0xb8e",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ]
        ]
       },
       {
        "name": "futex",
        "number": 202,
        "count": 23,
        "results": {
         "ok": 1
        },
        "after": [
         "forked",
         "setuid",
         "bind",
         "listen",
         "connect",
         "accept4",
         "epoll_wait",
         "recvfrom",
         "recvmsg",
         "rt_sigsuspend",
         "clock_nanosleep",
         "wait4"
        ],
        "args": [
         {
          "index": 1,
          "name": "op",
          "values": [
           {
            "value": "0x81",
            "name": "FUTEX_WAKE|FUTEX_PRIVATE_FLAG",
            "count": 23
           }
          ]
         }
        ],
        "sites": [
         [
          "libc.so.6!__pthread_once_slow+0xfe",
          "libcrypto.so.3!CRYPTO_THREAD_run_once+0x9",
          "libcrypto.so.3!OPENSSL_init_crypto+0x88",
          "libssl.so.3!OPENSSL_init_ssl+0x31",
          "nginx!ngx_ssl_init+0x10",
          "nginx!main+0x1ac",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ]
        ]
       },
       {
        "name": "epoll_create",
        "number": 213,
        "count": 6,
        "results": {
         "ok": 1
        },
        "after": [
         "forked",
         "setuid",
         "bind",
         "listen",
         "connect",
         "rt_sigsuspend"
        ],
        "sites": [
         [
          "libc.so.6!epoll_create+0x7",
          "nginx+0x47558",
          "nginx+0x47962",
          "nginx!ngx_conf_parse+0x84e",
          "nginx!ngx_init_cycle+0x61b",
          "nginx!main+0x96e",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ]
        ]
       },
       {
        "name": "clock_nanosleep",
        "number": 230,
        "count": 1,
        "results": {
         "ok": 1
        },
        "after": [
         "bind",
         "listen",
         "connect",
         "rt_sigsuspend",
         "clock_nanosleep"
        ],
        "args": [
         {
          "index": 0,
          "name": "clockid",
          "values": [
           {
            "value": "0x0",
            "name": "CLOCK_REALTIME",
            "count": 1
           }
          ]
         },
         {
          "index": 1,
          "name": "flags",
          "values": [
           {
            "value": "0x0",
            "name": "0",
            "count": 1
           }
          ]
         }
        ],
        "sites": [
         [
          "libc.so.6!clock_nanosleep+0x23",
          "libc.so.6!nanosleep+0x13",
          "libc.so.6!usleep+0x45",
          "nginx!ngx_master_process_cycle+0x5e9",
          "nginx!main+0xb8e",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ]
        ]
       },
       {
        "name": "exit_group",
        "number": 231,
        "count": 5,
        "after": [
         "forked",
         "setuid",
         "bind",
         "listen",
         "connect",
         "accept4",
         "epoll_wait",
         "recvfrom",
         "recvmsg",
         "rt_sigsuspend",
         "clock_nanosleep",
         "wait4"
        ],
        "sites": [
         [
          "libc.so.6!_Exit+0x29",
          "libc.so.6!__run_exit_handlers+0x132",
          "libc.so.6!exit+0x1a",
          "nginx+0x511ce",
          "nginx+0x51ca2",
          "nginx!ngx_spawn_process+0x2b3",
          "nginx+0x51398",
          "nginx!ngx_master_process_cycle+0x1c9",
          "nginx!main+0xb8e",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ]
        ]
       },
       {
        "name": "epoll_wait",
        "number": 232,
        "count": 445,
        "results": {
         "ok": 1
        },
        "after": [
         "forked",
         "setuid",
         "accept4",
         "epoll_wait",
         "recvfrom",
         "recvmsg"
        ],
        "sites": [
         [
          "libc.so.6!epoll_wait+0x13",
          "nginx+0x53e0e",
          "nginx+0x47aa3",
          "nginx+0x5161e",
          "nginx+0x51b2d",
          "nginx!ngx_spawn_process+0x2b3",
          "nginx+0x51398",
          "nginx!ngx_master_process_cycle+0x1c9",
          "nginx!main+0xb8e",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ]
        ]
       },
       {
        "name": "epoll_ctl",
        "number": 233,
        "count": 254,
        "results": {
         "ok": 1
        },
        "after": [
         "forked",
         "setuid",
         "accept4",
         "epoll_wait",
         "recvfrom",
         "recvmsg"
        ],
        "args": [
         {
          "index": 1,
          "name": "op",
          "values": [
           {
            "value": "0x1",
            "name": "EPOLL_CTL_ADD",
            "count": 234
           },
           {
            "value": "0x2",
            "name": "EPOLL_CTL_DEL",
            "count": 20
           }
          ]
         }
        ],
        "sites": [
         [
          "libc.so.6!epoll_ctl+0xa",
          "nginx+0x538b8",
          "nginx!ngx_event_accept+0x49f",
          "nginx+0x544ab",
          "nginx!ngx_process_events_and_timers+0x86",
          "nginx+0x51b5d",
          "nginx!ngx_spawn_process+0x2b3",
          "nginx+0x51398",
          "nginx!ngx_master_process_cycle+0x1c9",
          "nginx!main+0xb8e",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ],
         [
          "libc.so.6!epoll_ctl+0xa",
          "nginx+0x53d87",
          "nginx+0x47aa3",
          "nginx+0x5161e",
          "nginx+0x51b2d",
          "nginx!ngx_spawn_process+0x2b3",
          "nginx+0x51398",
          "nginx!ngx_master_process_cycle+0x1c9",
          "nginx!main+0xb8e",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ]
        ]
       },
       {
        "name": "openat",
        "number": 257,
        "count": 242,
        "results": {
         "ok": 1
        },
        "after": [
         "forked",
         "setuid",
         "bind",
         "listen",
         "connect",
         "accept4",
         "epoll_wait",
         "recvfrom",
         "recvmsg",
         "rt_sigsuspend"
        ],
        "args": [
         {
          "index": 2,
          "name": "flags",
          "values": [
           {
            "value": "0x0",
            "name": "O_RDONLY",
            "count": 3
           },
           {
            "value": "0x242",
            "name": "O_RDWR|O_CREAT|O_TRUNC",
            "count": 1
           },
           {
            "value": "0x441",
            "name": "O_WRONLY|O_CREAT|O_APPEND",
            "count": 5
           },
           {
            "value": "0x800",
            "name": "O_RDONLY|O_NONBLOCK",
            "count": 202
           },
           {
            "value": "0x80000",
            "name": "O_RDONLY|O_CLOEXEC",
            "count": 31
           }
          ]
         }
        ],
        "sites": [
         [
          "libc.so.6!__open_nocancel+0x41",
          "libc.so.6!_IO_file_open+0xc5",
          "libc.so.6!_IO_file_fopen+0xfb",
          "libc.so.6!__fopen_internal+0x79",
          "libc.so.6!__tzfile_read+0x103",
          "libc.so.6!tzset_internal+0x154",
          "libc.so.6!__tz_convert+0x4f",
          "nginx!ngx_localtime+0x17",
          "nginx!ngx_time_update+0x1eb",
          "nginx!main+0x15f",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ],
         [
          "libc.so.6!open+0x51",
          "libc.so.6!_IO_file_open+0x22",
          "libc.so.6!_IO_file_fopen+0xfb",
          "libc.so.6!__fopen_internal+0x79",
          "libcrypto.so.3!BIO_new_file+0x13",
          "libcrypto.so.3+0x158bc9",
          "libcrypto.so.3!CONF_modules_load_file_ex+0x4e",
          "libcrypto.so.3+0x15aab4",
          "libcrypto.so.3+0x23229b",
          "libc.so.6!__pthread_once_slow+0xd7",
          "libcrypto.so.3!CRYPTO_THREAD_run_once+0x9",
          "libcrypto.so.3!OPENSSL_init_crypto+0x56a",
          "libssl.so.3!OPENSSL_init_ssl+0x31",
          "nginx!ngx_ssl_init+0x10",
          "nginx!main+0x1ac",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ],
         [
          "libc.so.6!open+0x51",
          "nginx!ngx_create_pidfile+0xae",
          "nginx!main+0xa94",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ],
         [
          "libc.so.6!open+0x51",
          "nginx!ngx_log_init+0x104",
          "nginx!main+0x193",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ],
         [
          "libc.so.6!open+0x51",
          "nginx+0x4444b",
          "nginx+0x449cd",
          "nginx!ngx_open_cached_file+0x5b1",
          "nginx+0xae129",
          "nginx!ngx_http_core_content_phase+0x7a",
          "nginx!ngx_http_core_run_phases+0x2d",
          "nginx!ngx_http_internal_redirect+0xea",
          "nginx+0xb2bd6",
          "nginx!ngx_http_core_content_phase+0x7a",
          "nginx!ngx_http_core_run_phases+0x2d",
          "nginx+0x708b8",
          "nginx+0x70d7f",
          "nginx+0x544ab",
          "nginx!ngx_process_events_and_timers+0x86",
          "nginx+0x51b5d",
          "nginx!ngx_spawn_process+0x2b3",
          "nginx+0x51398",
          "nginx!ngx_master_process_cycle+0x1c9",
          "nginx!main+0xb8e",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ]
        ]
       },
       {
        "name": "newfstatat",
        "number": 262,
        "count": 358,
        "results": {
         "ok": 1
        },
        "after": [
         "forked",
         "setuid",
         "bind",
         "listen",
         "connect",
         "accept4",
         "epoll_wait",
         "recvfrom",
         "recvmsg",
         "rt_sigsuspend"
        ],
        "args": [
         {
          "index": 3,
          "name": "flags",
          "values": [
           {
            "value": "0x0",
            "name": "0",
            "count": 126
           },
           {
            "value": "0x1000",
            "name": "AT_EMPTY_PATH",
            "count": 232
           }
          ]
         }
        ],
        "sites": [
         [
          "libc.so.6!fstatat+0xa",
          "libc.so.6!__tzfile_read+0x122",
          "libc.so.6!tzset_internal+0x154",
          "libc.so.6!__tz_convert+0x4f",
          "nginx!ngx_localtime+0x17",
          "nginx!ngx_time_update+0x1eb",
          "nginx!main+0x15f",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ],
         [
          "libc.so.6!fstatat+0xa",
          "libc.so.6!__tzfile_read+0xec",
          "libc.so.6!tzset_internal+0x154",
          "libc.so.6!__tz_convert+0x4f",
          "nginx!ngx_timezone_update+0x2a",
          "nginx!ngx_init_cycle+0x2c",
          "nginx!main+0x96e",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ]
        ]
       },
       {
        "name": "set_robust_list",
        "number": 273,
        "count": 4,
        "results": {
         "ok": 1
        },
        "after": [
         "forked"
        ],
        "sites": [
         [
          "libc.so.6!_Fork+0x5d",
          "libc.so.6!fork+0x4b",
          "nginx!ngx_spawn_process+0x1a1",
          "nginx+0x51398",
          "nginx!ngx_master_process_cycle+0x1c9",
          "nginx!main+0xb8e",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ]
        ]
       },
       {
        "name": "accept4",
        "number": 288,
        "count": 202,
        "results": {
         "ok": 1
        },
        "after": [
         "forked",
         "setuid",
         "accept4",
         "epoll_wait",
         "recvfrom",
         "recvmsg"
        ],
        "args": [
         {
          "index": 3,
          "name": "flags",
          "values": [
           {
            "value": "0x800",
            "name": "SOCK_NONBLOCK",
            "count": 202
           }
          ]
         }
        ],
        "sites": [
         [
          "libc.so.6!accept4+0x13",
          "nginx!ngx_event_accept+0xe0",
          "nginx+0x544ab",
          "nginx!ngx_process_events_and_timers+0x86",
          "nginx+0x51b5d",
          "nginx!ngx_spawn_process+0x2b3",
          "nginx+0x51398",
          "nginx!ngx_master_process_cycle+0x1c9",
          "nginx!main+0xb8e",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ]
        ]
       },
       {
        "name": "eventfd2",
        "number": 290,
        "count": 4,
        "results": {
         "ok": 1
        },
        "after": [
         "forked",
         "setuid"
        ],
        "args": [
         {
          "index": 1,
          "name": "flags",
          "values": [
           {
            "value": "0x0",
            "name": "0",
            "count": 4
           }
          ]
         }
        ],
        "sites": [
         [
          "libc.so.6!eventfd+0x7",
          "nginx+0x53d0e",
          "nginx+0x47aa3",
          "nginx+0x5161e",
          "nginx+0x51b2d",
          "nginx!ngx_spawn_process+0x2b3",
          "nginx+0x51398",
          "nginx!ngx_master_process_cycle+0x1c9",
          "nginx!main+0xb8e",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ]
        ]
       },
       {
        "name": "prlimit64",
        "number": 302,
        "count": 3,
        "results": {
         "ok": 1
        },
        "after": [
         "bind",
         "listen",
         "connect",
         "rt_sigsuspend"
        ],
        "args": [
         {
          "index": 1,
          "name": "resource",
          "values": [
           {
            "value": "0x7",
            "name": "RLIMIT_NOFILE",
            "count": 3
           }
          ]
         }
        ],
        "sites": [
         [
          "libc.so.6!getrlimit+0x10",
          "nginx!ngx_os_init+0xc4",
          "nginx!main+0x404",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ]
        ]
       },
       {
        "name": "getrandom",
        "number": 318,
        "count": 1,
        "results": {
         "ok": 1
        },
        "args": [
         {
          "index": 2,
          "name": "flags",
          "values": [
           {
            "value": "0x1",
            "name": "GRND_NONBLOCK",
            "count": 1
           }
          ]
         }
        ],
        "sites": [
         [
          "libc.so.6!getrandom+0x10",
          "libc.so.6!ptmalloc_init.part.0+0x36",
          "libc.so.6!malloc+0x215",
          "libc.so.6!strdup+0x1a",
          "libc.so.6!tzset_internal+0x141",
          "libc.so.6!__tz_convert+0x4f",
          "nginx!ngx_localtime+0x17",
          "nginx!ngx_time_update+0x1eb",
          "nginx!main+0x15f",
          "libc.so.6!__libc_start_call_main+0x7a",
          "libc.so.6!__libc_start_main+0x85",
          "nginx!_start+0x21"
         ]
        ]
       }
      ]
     },
     "paths": [
      {
       "path": "/etc/group",
       "did": [
        "read"
       ],
       "was": [
        "file"
       ],
       "count": 6
      },
      {
       "path": "/etc/ld.so.cache",
       "did": [
        "read"
       ],
       "was": [
        "file"
       ],
       "count": 4
      },
      {
       "path": "/etc/nsswitch.conf",
       "did": [
        "read"
       ],
       "was": [
        "file"
       ],
       "count": 1
      },
      {
       "path": "/etc/passwd",
       "did": [
        "read"
       ],
       "was": [
        "file"
       ],
       "count": 2
      },
      {
       "path": "/etc/ssl/openssl.cnf",
       "did": [
        "read"
       ],
       "was": [
        "file"
       ],
       "count": 1
      },
      {
       "path": "/proc/sys/kernel/ngroups_max",
       "did": [
        "read"
       ],
       "was": [
        "file"
       ],
       "count": 4
      },
      {
       "path": "/run/nscd/socket",
       "did": [
        "connect"
       ],
       "was": [
        "missing"
       ],
       "count": 4
      },
      {
       "path": "/srv/learn-nginx/html/absent",
       "did": [
        "read"
       ],
       "was": [
        "missing"
       ],
       "count": 1
      },
      {
       "path": "/srv/learn-nginx/html/index.html",
       "did": [
        "read"
       ],
       "was": [
        "file"
       ],
       "count": 101
      },
      {
       "path": "/srv/learn-nginx/html/numbers.txt",
       "did": [
        "read"
       ],
       "was": [
        "file"
       ],
       "count": 100
      },
      {
       "path": "/srv/learn-nginx/log/access.log",
       "did": [
        "write",
        "create_file"
       ],
       "was": [
        "missing",
        "file"
       ],
       "count": 2
      },
      {
       "path": "/srv/learn-nginx/log/error.log",
       "did": [
        "write",
        "create_file"
       ],
       "was": [
        "missing",
        "file"
       ],
       "count": 3
      },
      {
       "path": "/srv/learn-nginx/nginx.conf",
       "did": [
        "read"
       ],
       "was": [
        "file"
       ],
       "count": 2
      },
      {
       "path": "/srv/learn-nginx/run/body",
       "did": [
        "create_dir",
        "metadata"
       ],
       "was": [
        "missing",
        "directory"
       ],
       "count": 3
      },
      {
       "path": "/srv/learn-nginx/run/fastcgi",
       "did": [
        "create_dir",
        "metadata"
       ],
       "was": [
        "missing",
        "directory"
       ],
       "count": 3
      },
      {
       "path": "/srv/learn-nginx/run/nginx.pid",
       "did": [
        "read",
        "write",
        "truncate",
        "create_file",
        "remove_file"
       ],
       "was": [
        "missing",
        "file"
       ],
       "count": 2
      },
      {
       "path": "/srv/learn-nginx/run/proxy",
       "did": [
        "create_dir",
        "metadata"
       ],
       "was": [
        "missing",
        "directory"
       ],
       "count": 3
      },
      {
       "path": "/srv/learn-nginx/run/scgi",
       "did": [
        "create_dir",
        "metadata"
       ],
       "was": [
        "missing",
        "directory"
       ],
       "count": 3
      },
      {
       "path": "/srv/learn-nginx/run/uwsgi",
       "did": [
        "create_dir",
        "metadata"
       ],
       "was": [
        "missing",
        "directory"
       ],
       "count": 3
      },
      {
       "path": "/sys/devices/system/cpu/online",
       "did": [
        "read"
       ],
       "was": [
        "file"
       ],
       "count": 1
      },
      {
       "path": "/usr/lib/x86_64-linux-gnu/libcap.so.2.66",
       "did": [
        "read"
       ],
       "was": [
        "file"
       ],
       "count": 4
      },
      {
       "path": "/usr/lib/x86_64-linux-gnu/libm.so.6",
       "did": [
        "read"
       ],
       "was": [
        "file"
       ],
       "count": 4
      },
      {
       "path": "/usr/lib/x86_64-linux-gnu/libnss_systemd.so.2",
       "did": [
        "read"
       ],
       "was": [
        "file"
       ],
       "count": 4
      },
      {
       "path": "/usr/share/zoneinfo/Etc/UTC",
       "did": [
        "read"
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
       "count": 12
      },
      {
       "family": "AF_INET",
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
       "address": "127.0.0.1",
       "port": 8088,
       "count": 1
      }
     ]
    }
   }
  }
 ]
}
