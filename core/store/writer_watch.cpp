// SPDX-License-Identifier: Apache-2.0
#include "store/writer_watch.h"

#include "base/logging.h"

#include <algorithm>
#include <utility>

namespace luthien::store {

using namespace std::chrono_literals;

namespace {
constexpr std::chrono::milliseconds kLookEvery = 1s;
constexpr int kLooks = 4; // within the limit, where that is shorter
} // namespace

WriterWatch::WriterWatch(Limits limits, std::shared_ptr<JournalBudget> budget,
                         std::function<void(std::chrono::milliseconds)> silent)
    : m_limits(limits)
    , m_budget(std::move(budget))
    , m_silent(std::move(silent))
{
    m_thread = std::thread([this] { work(); });
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

void WriterWatch::work()
{
    const auto pause =
        std::clamp<std::chrono::milliseconds>(std::min(m_limits.writer, m_limits.journals) / kLooks, 1ms, kLookEvery);
    std::unique_lock lock(m_mutex);
    while (!m_wake.wait_for(lock, pause, [this] { return m_isEnding; })) {
        lock.unlock(); // what is logged may wait for the same disk
        const auto now = std::chrono::steady_clock::now();
        lookAtJournals(now); // first: agents are refused by what it finds, whatever becomes of the log
        lookAtWriter(now);
        lock.lock();
    }
}

void WriterWatch::lookAtWriter(SteadyPoint now)
{
    const auto silence = m_ofWriter.look(m_writer, now);
    const bool isSilent = silence > m_limits.writer;
    if (isSilent && !m_wasTold)
        m_silent(silence);
    m_wasTold = isSilent;
}

void WriterWatch::lookAtJournals(SteadyPoint now)
{
    std::chrono::milliseconds longest{0};
    for (const auto& step : m_budget->steps())
        longest = std::max(longest, m_ofJournals[step.get()].look(*step, now));
    const bool isSilent = longest > m_limits.journals;
    const bool wasSilent = m_budget->silentFor.exchange(isSilent ? longest : 0ms) > 0ms;
    if (isSilent && !wasSilent)
        qCCritical(lcStore, "the journal's disk does not answer: agents wait");
    else if (wasSilent && !isSilent)
        qCInfo(lcStore, "the journal's disk answers again");
}

} // namespace luthien::store
