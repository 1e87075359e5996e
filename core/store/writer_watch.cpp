// SPDX-License-Identifier: Apache-2.0
#include "store/writer_watch.h"

#include <algorithm>
#include <utility>

namespace luthien::store {

using namespace std::chrono_literals;

namespace {
constexpr std::chrono::milliseconds kLookEvery = 1s;
}

WriterWatch::WriterWatch(std::chrono::milliseconds limit, std::function<void(std::chrono::milliseconds)> silent)
    : m_limit(limit)
    , m_silent(std::move(silent))
{
    m_thread = std::thread([this] { look(); });
}

WriterWatch::~WriterWatch()
{
    {
        const std::lock_guard lock(m_mutex);
        m_isEnding = true;
        m_wake.notify_one();
    }
    m_thread.join();
}

void WriterWatch::begins() noexcept
{
    const std::lock_guard lock(m_mutex);
    m_isWatching = true;
    m_begun = std::chrono::steady_clock::now();
}

void WriterWatch::rests() noexcept
{
    const std::lock_guard lock(m_mutex);
    m_isWatching = false;
}

void WriterWatch::look()
{
    std::unique_lock lock(m_mutex);
    while (!m_wake.wait_for(lock, std::min(kLookEvery, m_limit), [this] { return m_isEnding; })) {
        const auto taken = std::chrono::steady_clock::now() - m_begun;
        if (!m_isWatching || taken <= m_limit)
            continue;
        m_isWatching = false;
        m_silent(std::chrono::duration_cast<std::chrono::milliseconds>(taken)); // under the lock: the step is not over
    }
}

} // namespace luthien::store
