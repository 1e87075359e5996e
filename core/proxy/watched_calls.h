// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/ids.h"

#include <cstddef>
#include <functional>
#include <list>

namespace luthien::proxy {

/// The calls of one worker that have been answered and whose records wait for policies that only watch, oldest first.
/// Bounded by their number and by what is kept for them: beyond, the oldest are cut off. Thread: the worker.
class WatchedCalls
{
public:
    struct Bounds
    {
        std::size_t calls = 256;
        std::size_t bytes = std::size_t{64} * 1024 * 1024;
    };
    /// Ends the call's record.
    using CutOff = std::function<void()>;

    WatchedCalls() = default;
    explicit WatchedCalls(Bounds bounds)
        : m_bounds(bounds)
    {
    }

    /// May cut off others; the new one too, if it alone is too large.
    void add(CallId call, std::size_t bytes, CutOff cutOff);
    /// It waits no more. Does nothing if it was cut off.
    void remove(CallId call);

private:
    struct Entry
    {
        CallId call;
        std::size_t bytes = 0;
        CutOff cutOff;
    };

    Bounds m_bounds;
    std::list<Entry> m_entries;
    std::size_t m_bytes = 0;
};

} // namespace luthien::proxy
