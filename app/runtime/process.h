// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/resource.h>
#include <sys/types.h>

namespace luthien::runtime {

/// What the process was started with, for the programs it starts itself.
struct InheritedLimits
{
    mode_t umask = 022;
    rlimit core{};
    rlimit files{};

    /// Safe between fork and exec.
    void restore() const noexcept;
};

/// What holds for the whole process before it touches data: files for their owner only (umask 077), no core dumps with
/// keys in them, as many descriptors as the system allows, no SIGPIPE. Thread: main, first thing.
[[nodiscard]] InheritedLimits hardenProcess();

} // namespace luthien::runtime
