// SPDX-License-Identifier: Apache-2.0
#include "policy/verdict_memory.h"

#include <array>
#include <cstdint>
#include <cstring>
#include <utility>

namespace luthien::policy {

using conversation::AnsweredBy;
using conversation::Verdict;

namespace {

/// Every part with its length in front, so that no two subjects run together into the same bytes.
Digest keyOf(const VerdictSubject& subject)
{
    Sha256 hash;
    for (const std::string_view part : {subject.session, subject.requestHash, subject.policyVersion, subject.judged}) {
        std::array<char, sizeof(std::uint64_t)> length{};
        const std::uint64_t size = part.size();
        std::memcpy(length.data(), &size, sizeof(size));
        hash.add({length.data(), length.size()});
        hash.add(part);
    }
    return hash.finish();
}

std::size_t bytesOf(const PolicyVerdict& verdict)
{
    std::size_t bytes = sizeof(verdict) + verdict.reason.size() + verdict.agentText.size() + verdict.arguments.size();
    for (const conversation::PartChange& change : verdict.changes)
        bytes += sizeof(change) + change.text.size();
    for (const conversation::Match& match : verdict.matched)
        bytes += sizeof(match) + match.pointer.size();
    return bytes;
}

bool isLasting(const PolicyVerdict& verdict)
{
    return verdict.verdict != Verdict::Hold && !verdict.isForOnce &&
           (verdict.answeredBy == AnsweredBy::Policy || verdict.answeredBy == AnsweredBy::Person);
}

} // namespace

std::optional<PolicyVerdict> VerdictMemory::find(const VerdictSubject& subject) const
{
    if (subject.requestHash.empty())
        return std::nullopt;
    const Digest key = keyOf(subject);
    const std::scoped_lock lock(m_mutex);
    const auto place = m_places.find(key);
    if (place == m_places.end() || place->second->until <= m_clock.steady())
        return std::nullopt;
    return place->second->verdict;
}

void VerdictMemory::remember(const VerdictSubject& subject, const PolicyVerdict& verdict)
{
    const std::size_t bytes = bytesOf(verdict);
    if (subject.requestHash.empty() || !isLasting(verdict) || bytes > kMaxVerdictBytes)
        return;
    Kept kept{.key = keyOf(subject), .verdict = verdict, .bytes = bytes};
    const std::scoped_lock lock(m_mutex);
    const SteadyPoint now = m_clock.steady();
    kept.until = now + kKeptFor;
    if (const auto known = m_places.find(kept.key); known != m_places.end())
        drop(known->second);
    m_bytes += bytes;
    m_kept.push_back(std::move(kept));
    m_places[m_kept.back().key] = std::prev(m_kept.end());
    // All are kept for the same time, so the oldest is also the first to expire.
    while (m_kept.size() > kMaxVerdicts || m_bytes > kMaxBytes || m_kept.front().until <= now)
        drop(m_kept.begin());
}

std::size_t VerdictMemory::size() const
{
    const std::scoped_lock lock(m_mutex);
    return m_kept.size();
}

void VerdictMemory::drop(std::list<Kept>::iterator kept)
{
    m_bytes -= kept->bytes;
    m_places.erase(kept->key);
    m_kept.erase(kept);
}

} // namespace luthien::policy
