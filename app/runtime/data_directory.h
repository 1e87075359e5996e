// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "runtime/paths.h"

#include <memory>
#include <string>
#include <string_view>

namespace luthien::runtime {

/// The right to write to one data directory: one process has it at a time. The kernel takes it back when the process
/// ends, however it ends, so that a lock is never stale.
class DataDirectoryLock
{
public:
    /// Makes the directory if needed. program is told to whoever comes second.
    /// Errors: Conflict, naming the holder; Io.
    [[nodiscard]] static Result<std::unique_ptr<DataDirectoryLock>> acquire(const Paths& paths,
                                                                            std::string_view program);
    /// True while another process has the lock. Makes nothing.
    [[nodiscard]] static bool isHeld(const Paths& paths);
    ~DataDirectoryLock();
    DataDirectoryLock(const DataDirectoryLock&) = delete;
    DataDirectoryLock& operator=(const DataDirectoryLock&) = delete;

private:
    explicit DataDirectoryLock(int descriptor)
        : m_descriptor(descriptor)
    {
    }
    int m_descriptor;
};

} // namespace luthien::runtime
