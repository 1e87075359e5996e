// SPDX-License-Identifier: Apache-2.0
#include "script/host/sandbox.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <initializer_list>
#include <linux/capability.h>
#include <memory>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

// A sanitizer's runtime maps terabytes of shadow memory and reads /proc for its reports: under it there is no limit on
// address space, and the calls it needs are allowed. What a test says about these two is said of the other builds.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define LUTHIEN_SCRIPT_SANITIZED 1
#else
#define LUTHIEN_SCRIPT_SANITIZED 0
#endif

namespace luthien::script::host {

namespace {

constexpr bool kIsSanitized = LUTHIEN_SCRIPT_SANITIZED != 0;
using Filter = std::unique_ptr<void, decltype(&seccomp_release)>;

Error failed(const char* step, int error)
{
    return {ErrorCode::Unavailable, std::string("A script host cannot be shut in: ") + std::strerror(error) + ".",
            step};
}

bool limitTo(__rlimit_resource resource, rlim_t amount)
{
    const rlimit limit{.rlim_cur = amount, .rlim_max = amount};
    return ::setrlimit(resource, &limit) == 0;
}

bool dropCapabilities()
{
    __user_cap_header_struct header{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
    const __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3]{};
    return ::syscall(SYS_capset, &header, none) == 0;
}

/// What the engine does without if it is refused: to compile to machine code, so that no memory that was written is
/// ever executed, and to name its memory, which is a file to the limit on files.
Result<void> refuseEngine()
{
    const Filter filter(seccomp_init(SCMP_ACT_ALLOW), &seccomp_release);
    if (!filter)
        return failed("seccomp_init", ENOMEM);
    const scmp_arg_cmp executable{.arg = 2, .op = SCMP_CMP_MASKED_EQ, .datum_a = PROT_EXEC, .datum_b = PROT_EXEC};
    int result = seccomp_rule_add(filter.get(), SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(memfd_create), 0);
    for (const int call : {SCMP_SYS(mmap), SCMP_SYS(mprotect), SCMP_SYS(pkey_mprotect)}) {
        if (result == 0)
            result = seccomp_rule_add_array(filter.get(), SCMP_ACT_ERRNO(EACCES), call, 1, &executable);
    }
    if (result == 0)
        result = seccomp_load(filter.get());
    return result == 0 ? Result<void>() : failed("seccomp", -result);
}

int allow(const Filter& filter, std::initializer_list<int> calls)
{
    int result = 0;
    for (const int call : calls) {
        if (result == 0)
            result = seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, call, 0);
    }
    return result;
}

int addRules(const Filter& filter)
{
    // Memory, time, threads' waiting, the end.
    int result = allow(filter, {SCMP_SYS(mmap), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(mprotect),
                                SCMP_SYS(madvise), SCMP_SYS(brk), SCMP_SYS(futex), SCMP_SYS(clock_gettime),
                                SCMP_SYS(gettimeofday), SCMP_SYS(getrandom), SCMP_SYS(rt_sigreturn),
                                SCMP_SYS(restart_syscall), SCMP_SYS(exit), SCMP_SYS(exit_group)});
    const scmp_arg_cmp theSocket{.arg = 0, .op = SCMP_CMP_EQ, .datum_a = 0, .datum_b = 0};
    for (const int call : {SCMP_SYS(read), SCMP_SYS(write)}) {
        if (result == 0)
            result = seccomp_rule_add_array(filter.get(), SCMP_ACT_ALLOW, call, 1, &theSocket);
    }
    // Allowed here as it is refused there: the stricter filter counts.
    if (result == 0)
        result = allow(filter, {SCMP_SYS(memfd_create)});
    if (result == 0 && kIsSanitized)
        result = allow(filter, {SCMP_SYS(sigaltstack), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigaction),
                                SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(sched_yield), SCMP_SYS(nanosleep),
                                SCMP_SYS(clock_nanosleep), SCMP_SYS(getrusage), SCMP_SYS(prctl), SCMP_SYS(readlink)});
    return result;
}

} // namespace

Result<void> restrictProcess(const Limits& limits)
{
    if (::close_range(1, ~0U, 0) != 0)
        return failed("close_range", errno);
    if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || ::prctl(PR_SET_DUMPABLE, 0) != 0 ||
        ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return failed("prctl", errno);
    // The descriptors there are now stay usable: the limit holds for new ones. The engine's start needs a few.
    if (!limitTo(RLIMIT_CORE, 0) || !limitTo(RLIMIT_FSIZE, 0) || !limitTo(RLIMIT_NOFILE, 16) ||
        !limitTo(RLIMIT_CPU, limits.processorSeconds) || (!kIsSanitized && !limitTo(RLIMIT_AS, limits.memoryBytes)))
        return failed("setrlimit", errno);
    if (!dropCapabilities())
        return failed("capset", errno);
    return refuseEngine();
}

Result<void> shutIn()
{
    if (::close_range(1, ~0U, 0) != 0)
        return failed("close_range", errno);
    const Filter filter(seccomp_init(SCMP_ACT_KILL_PROCESS), &seccomp_release);
    if (!filter)
        return failed("seccomp_init", ENOMEM);
    // A sanitizer's runtime has a thread of its own.
    int result = kIsSanitized ? seccomp_attr_set(filter.get(), SCMP_FLTATR_CTL_TSYNC, 1) : 0;
    if (result == 0)
        result = addRules(filter);
    if (result == 0)
        result = seccomp_load(filter.get());
    return result == 0 ? Result<void>() : failed("seccomp", -result);
}

} // namespace luthien::script::host
