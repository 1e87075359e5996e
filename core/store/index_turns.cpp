// SPDX-License-Identifier: Apache-2.0
#include "store/index_turns.h"

#include "base/logging.h"

#include <algorithm>
#include <utility>

namespace luthien::store {

using namespace std::chrono_literals;

namespace {
constexpr auto kTurn = 10ms;
constexpr auto kLongestWait = 1s; // beside a busy writer
constexpr auto kPause = 5s;       // after a failure
} // namespace

IndexTurns::IndexTurns(Database& database, const ReadTexts& read)
    : m_index(database, read)
    , m_reads(static_cast<bool>(read))
    , m_waits(m_reads)
{
}

void IndexTurns::take(SteadyPoint now, Writer writer)
{
    if (!m_waits || now < m_notBefore || (writer == Writer::Busy && now < m_dueAt))
        return;
    const auto more = m_index.advance(kTurn);
    const SteadyPoint end = std::chrono::steady_clock::now();
    m_dueAt = end + kLongestWait;
    if (!more) {
        qCWarning(lcStore, "the search index waits: %s", more.error().toString().c_str());
        m_notBefore = end + kPause;
    }
    m_waits = !more || *more;
}

void IndexTurns::finish(std::chrono::milliseconds limit)
{
    const SteadyPoint end = std::chrono::steady_clock::now() + limit;
    for (auto now = std::chrono::steady_clock::now(); m_waits && now < end && now >= m_notBefore;
         now = std::chrono::steady_clock::now())
        take(now, Writer::Idle);
}

} // namespace luthien::store
