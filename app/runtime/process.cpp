// SPDX-License-Identifier: Apache-2.0
#include "runtime/process.h"

#include <csignal>
#include <sys/stat.h>

namespace luthien::runtime {

void InheritedLimits::restore() const noexcept
{
    ::umask(umask);
    ::setrlimit(RLIMIT_CORE, &core);
    ::setrlimit(RLIMIT_NOFILE, &files);
    std::signal(SIGPIPE, SIG_DFL);
}

InheritedLimits hardenProcess()
{
    InheritedLimits inherited;
    inherited.umask = ::umask(077);
    ::getrlimit(RLIMIT_CORE, &inherited.core);
    ::getrlimit(RLIMIT_NOFILE, &inherited.files);
    const rlimit noCore{.rlim_cur = 0, .rlim_max = inherited.core.rlim_max};
    ::setrlimit(RLIMIT_CORE, &noCore);
    const rlimit allFiles{.rlim_cur = inherited.files.rlim_max, .rlim_max = inherited.files.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &allFiles);
    std::signal(SIGPIPE, SIG_IGN);
    return inherited;
}

} // namespace luthien::runtime
