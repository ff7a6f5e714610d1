/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a call does to a path, and what kind of thing was there.
 *
 * The vocabulary of the profile: each effect says what the program asked for, in words that every
 * output format (landlock rights, systemd directives, AppArmor rules) is derived from.
 */
#ifndef LEARN_SYSDB_EFFECTS_H
#define LEARN_SYSDB_EFFECTS_H

#include <stdint.h>
#include <sys/types.h>

enum path_effect {
	PATH_READ = 1u << 0,        /* opened for reading */
	PATH_WRITE = 1u << 1,       /* opened for writing */
	PATH_EXECUTE = 1u << 2,     /* executed; also a script's or an ELF file's interpreter */
	PATH_LIST = 1u << 3,        /* a directory opened for reading */
	PATH_TRUNCATE = 1u << 4,    /* truncate(2), O_TRUNC */
	PATH_CREATE_FILE = 1u << 5, /* O_CREAT on a name that was free or held a file; mknod S_IFREG */
	PATH_CREATE_DIR = 1u << 6,
	PATH_CREATE_SYMLINK = 1u << 7,
	PATH_CREATE_SOCKET = 1u << 8, /* bind of an AF_UNIX address; mknod S_IFSOCK */
	PATH_CREATE_FIFO = 1u << 9,
	PATH_CREATE_CHAR = 1u << 10,
	PATH_CREATE_BLOCK = 1u << 11,
	PATH_REMOVE_FILE = 1u << 12, /* anything but a directory */
	PATH_REMOVE_DIR = 1u << 13,
	PATH_REFER = 1u << 14,       /* renamed or linked into or out of another directory */
	PATH_IOCTL = 1u << 15,       /* ioctl(2) on a character or block device */
	PATH_CONNECT = 1u << 16,     /* connect or send to an AF_UNIX socket */
	PATH_METADATA = 1u << 17,    /* mode, owner, times, extended attributes changed */
	PATH_CHDIR = 1u << 18,       /* made the working directory */
	PATH_ROOT = 1u << 19,        /* chroot, pivot_root */
	PATH_MOUNT = 1u << 20,       /* mount point of mount(2), umount(2), move_mount(2) ... */
	PATH_WATCH = 1u << 21,       /* inotify, fanotify */
	PATH_STAT = 1u << 22,        /* looked at only: stat, access, readlink and their like */
	PATH_HANDLE = 1u << 23,      /* opened with O_PATH */
};
#define N_PATH_EFFECTS 24

/* The effects that need a writable file system. */
#define PATH_WRITES                                                                                \
	(PATH_WRITE | PATH_TRUNCATE | PATH_CREATE_FILE | PATH_CREATE_DIR | PATH_CREATE_SYMLINK |   \
	 PATH_CREATE_SOCKET | PATH_CREATE_FIFO | PATH_CREATE_CHAR | PATH_CREATE_BLOCK |            \
	 PATH_REMOVE_FILE | PATH_REMOVE_DIR | PATH_REFER | PATH_METADATA)

/* The effects that add a name to a directory or take one away. */
#define PATH_RENAMES (PATH_WRITES & ~(uint32_t)(PATH_WRITE | PATH_TRUNCATE | PATH_METADATA))

/* What stood at the path before the call. */
enum path_kind {
	KIND_MISSING = 1u << 0,
	KIND_FILE = 1u << 1,
	KIND_DIRECTORY = 1u << 2,
	KIND_SYMLINK = 1u << 3,
	KIND_SOCKET = 1u << 4,
	KIND_FIFO = 1u << 5,
	KIND_CHAR = 1u << 6,
	KIND_BLOCK = 1u << 7,
};
#define N_PATH_KINDS 8

/* The name of effect or kind number BIT ("read", "create_file"; "file", "missing"). */
const char *path_effect_name(unsigned bit);
const char *path_kind_name(unsigned bit);
/* The effect or kind of that name as a mask of one bit, or 0. */
uint32_t path_effect_from_name(const char *name);
uint32_t path_kind_from_name(const char *name);
/* The kind for a st_mode. */
uint32_t path_kind_from_mode(mode_t mode);

#endif
