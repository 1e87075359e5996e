// SPDX-License-Identifier: Apache-2.0
#include "runtime/process.h"

#include <csignal>
#include <sys/resource.h>
#include <sys/stat.h>

namespace luthien::runtime {

void hardenProcess()
{
    ::umask(077);
    const rlimit none{.rlim_cur = 0, .rlim_max = 0};
    ::setrlimit(RLIMIT_CORE, &none);
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &files);
    }
    std::signal(SIGPIPE, SIG_IGN);
}

} // namespace luthien::runtime
