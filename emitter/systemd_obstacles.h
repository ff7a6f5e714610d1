/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands against systemd's directives where that takes more than a list. */
#ifndef LEARN_EMITTER_SYSTEMD_OBSTACLES_H
#define LEARN_EMITTER_SYSTEMD_OBSTACLES_H

#include "emitter/emitters.h"
#include "policy/policy.h"

/* Each returns the end of a sentence, to be freed, or NULL when nothing stands against it. */
typedef char *systemd_obstacle_function(const struct policy *policy,
					const struct emit_options *options);

systemd_obstacle_function gains_rights;		    /* NoNewPrivileges= */
systemd_obstacle_function changes_personality;	    /* LockPersonality= */
systemd_obstacle_function sets_real_time;	    /* RestrictRealtime= */
systemd_obstacle_function makes_namespaces;	    /* RestrictNamespaces= */
systemd_obstacle_function makes_code;		    /* MemoryDenyWriteExecute= */
systemd_obstacle_function sets_id_bits;		    /* RestrictSUIDSGID= */
systemd_obstacle_function wakes_the_machine;	    /* ProtectClock= */
systemd_obstacle_function makes_devices;	    /* PrivateDevices= */
systemd_obstacle_function uses_unnamed_devices;	    /* DevicePolicy= */
systemd_obstacle_function shares_temporary_files;   /* PrivateTmp= */
systemd_obstacle_function uses_network;		    /* PrivateNetwork= */
systemd_obstacle_function acts_for_other_users;	    /* PrivateUsers= */
systemd_obstacle_function asks_about_processes;	    /* ProtectProc= */
systemd_obstacle_function reads_kernel_memory;	    /* ProtectKernelTunables= */
systemd_obstacle_function reads_proc_files;	    /* ProcSubset= */
systemd_obstacle_function looks_into_homes;	    /* ProtectHome=yes */
systemd_obstacle_function shares_made_files;	    /* UMask= */
systemd_obstacle_function keeps_ipc_objects;	    /* RemoveIPC= */
systemd_obstacle_function runs_unknown_code;	    /* NoExecPaths= */
systemd_obstacle_function writes_unspeakable_paths; /* ProtectSystem=strict */
systemd_obstacle_function makes_unknown_sockets;    /* RestrictAddressFamilies= */
systemd_obstacle_function needs_unknown_rights;	    /* CapabilityBoundingSet= */
systemd_obstacle_function has_rights_by_program;    /* AmbientCapabilities= */
systemd_obstacle_function talks_to_anybody;	    /* IPAddressDeny= */
systemd_obstacle_function sees_what_cannot_be_bound; /* TemporaryFileSystem= */

/* "SUBJECT REST", to be freed. */
char *systemd_words(const char *subject, const char *rest);
/* The first use of the kind as such a sentence, or NULL. */
char *systemd_used(const struct policy *policy, enum policy_use_kind kind, const char *rest);
/* The first use of the kind, or NULL. */
const struct policy_use *systemd_use(const struct policy *policy, enum policy_use_kind kind);

#endif
