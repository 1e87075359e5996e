// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

#include <cstddef>
#include <string>

// A process shuts itself in, in two steps around the start of the engine: it can open nothing, reach nobody, start
// nothing and grow no further. Nothing here needs root, or a user namespace. Thread: the only one there is.
namespace luthien::script::host {

/// What a host may take of the machine.
struct Limits
{
    std::size_t memoryBytes =
        320UL * 1024 * 1024;         ///< of address space; not held to in sanitizer builds, see sandbox.cpp
    unsigned processorSeconds = 600; ///< over its life; the program retires it long before
};

/// Closes all descriptors but 0, drops capabilities, sets the limits, dies with its parent, is no target for debuggers
/// and can make no memory executable from here on. Errors: Unavailable, context = the step that failed.
[[nodiscard]] Result<void> restrictProcess(const Limits& limits);

/// Closes what the engine's start has opened. From here on a system call other than those for reading and writing
/// descriptor 0, memory, time and the end kills the process. Errors: as above.
[[nodiscard]] Result<void> shutIn();

} // namespace luthien::script::host
