# SPDX-License-Identifier: GPL-3.0-or-later
learn_SOURCES = \
	%D%/collector.c %D%/collector.h \
	%D%/commands.c %D%/commands.h \
	%D%/confined.c %D%/confined.h \
	%D%/decode.c %D%/decode.h \
	%D%/denial.c %D%/denial.h \
	%D%/denial_call.c %D%/denial_call.h \
	%D%/denial_report.c %D%/denial_report.h \
	%D%/denial_words.c %D%/denial_words.h \
	%D%/diff.c \
	%D%/drift.c %D%/drift.h \
	%D%/emit.c %D%/emit_check.c %D%/emit_cost.c %D%/emit_hint.c %D%/emit_list.c %D%/emit_output.c \
	%D%/emit_more.h \
	%D%/explain.c %D%/explain.h \
	%D%/explain_calls.c %D%/explain_paths.c %D%/explain_rest.c \
	%D%/failures.c %D%/failures.h \
	%D%/limit_failures.c %D%/limit_failures.h \
	%D%/import.c \
	%D%/main.c \
	%D%/merge.c \
	%D%/observe.c %D%/observe.h \
	%D%/options.c %D%/options.h \
	%D%/output.c %D%/output.h \
	%D%/page.c %D%/page.h \
	%D%/policy_options.c %D%/policy_options.h \
	%D%/purpose.c %D%/purpose.h \
	%D%/progress.c %D%/progress.h \
	%D%/record.c \
	%D%/refine.c %D%/refine.h \
	%D%/refine_options.c %D%/refine_report.c %D%/refine_rounds.c \
	%D%/refine_trials.c %D%/refine_undisturbed.c \
	%D%/report.c %D%/report.h \
	%D%/report_calls.c %D%/report_calls.h \
	%D%/report_capabilities.c %D%/report_capabilities.h \
	%D%/report_decisions.c %D%/report_decisions.h \
	%D%/report_reach.c %D%/report_reach.h \
	%D%/rerun.c %D%/rerun.h \
	%D%/rounds.c %D%/rounds.h \
	%D%/run.c \
	%D%/runs.c %D%/runs.h \
	%D%/service.c %D%/service.h \
	%D%/service_drop_in.c \
	%D%/service_exec.c \
	%D%/service_finish.c \
	%D%/service_record.c \
	%D%/service_shares.c %D%/service_shares.h \
	%D%/service_start.c \
	%D%/service_unprivileged.c \
	%D%/service_why.c \
	%D%/show.c \
	%D%/supervise.c %D%/supervise.h \
	%D%/supervisor.c %D%/supervisor.h \
	%D%/trial.c %D%/trial.h \
	%D%/trials.c %D%/trials.h \
	%D%/untraced.c %D%/untraced.h \
	%D%/unit_file.c %D%/unit_file.h \
	%D%/verbs.h
learn_LDADD = libtracer.a libimporter.a liblearner.a libemitter.a libenforcer.a librefiner.a \
	libservice.a libprofile.a libpolicy.a libelf_reader.a libsysdb.a libbase.a \
	$(JANSSON_LIBS) $(SECCOMP_LIBS) $(UNWIND_LIBS) $(ELF_LIBS) $(CAP_LIBS)
