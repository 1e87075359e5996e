// SPDX-License-Identifier: Apache-2.0
#include "store/policy_notes.h"

#include "base/logging.h"
#include "store/database.h"

#include <algorithm>
#include <set>
#include <utility>

namespace luthien::store {

bool PolicyNotes::add(std::vector<PolicyVersion> versions)
{
    const std::lock_guard lock(m_mutex);
    for (PolicyVersion& version : versions) {
        if (isKnown(version))
            continue;
        m_bytes += version.definition.size();
        m_versions.push_back(std::move(version));
    }
    forgetOldest();
    return isToBeWritten();
}

bool PolicyNotes::add(std::vector<PolicyChange> changes)
{
    const std::lock_guard lock(m_mutex);
    for (PolicyChange& change : changes) {
        if (!isKnown(change))
            m_changes.push_back(std::move(change));
    }
    forgetOldest();
    return isToBeWritten();
}

bool PolicyNotes::isKnown(const PolicyVersion& version) const
{
    return std::ranges::any_of(m_versions,
                               [&](const PolicyVersion& other) { return other.version == version.version; });
}

/// All that is in force is told each time.
bool PolicyNotes::isKnown(const PolicyChange& change) const
{
    const auto last = std::find_if(m_changes.rbegin(), m_changes.rend(),
                                   [&](const PolicyChange& other) { return other.policyId == change.policyId; });
    return last != m_changes.rend() && last->version == change.version && last->mode == change.mode;
}

bool PolicyNotes::isToBeWritten()
{
    if (m_isQueued || (m_versions.empty() && m_changes.empty()))
        return false;
    m_isQueued = true;
    return true;
}

void PolicyNotes::forgetOldest()
{
    std::set<std::string> forgotten;
    while (m_bytes > kMostBytes && m_versions.size() > 1) {
        m_bytes -= m_versions.front().definition.size();
        forgotten.insert(m_versions.front().policyId);
        m_versions.pop_front();
    }
    while (m_changes.size() > kMostChanges) {
        forgotten.insert(m_changes.front().policyId);
        m_changes.pop_front();
    }
    for (const std::string& id : forgotten)
        qCWarning(lcStore, "policy %s changes too often while the database is away: nobody will know an old version",
                  id.c_str());
}

Result<void> PolicyNotes::write(Database& database)
{
    std::vector<PolicyVersion> versions;
    std::vector<PolicyChange> changes;
    {
        const std::lock_guard lock(m_mutex);
        m_isQueued = false;
        versions.assign(m_versions.begin(), m_versions.end());
        changes.assign(m_changes.begin(), m_changes.end());
        m_writtenVersions = versions;
        m_writtenChanges = changes;
    }
    auto done = writePolicyVersions(database, versions);
    return done ? writePolicyChanges(database, changes) : done;
}

void PolicyNotes::wrote(const Result<void>& done)
{
    const std::lock_guard lock(m_mutex);
    m_isQueued = false;
    if (!done)
        giveUp(done.error());
    std::erase_if(m_versions, [this](const PolicyVersion& version) {
        return std::ranges::find(m_writtenVersions, version) != m_writtenVersions.end();
    });
    std::erase_if(m_changes, [this](const PolicyChange& change) {
        return std::ranges::find(m_writtenChanges, change) != m_writtenChanges.end();
    });
    m_bytes = 0;
    for (const PolicyVersion& version : m_versions)
        m_bytes += version.definition.size();
}

void PolicyNotes::giveUp(const Error& error)
{
    if (!m_versions.empty() || !m_changes.empty())
        qCWarning(lcStore, "what became of these policies is not in the database: %s (%s)", policyIds().c_str(),
                  error.toString().c_str());
    m_versions.clear();
    m_changes.clear();
}

std::string PolicyNotes::policyIds() const
{
    std::set<std::string_view> ids;
    for (const PolicyVersion& version : m_versions)
        ids.insert(version.policyId);
    for (const PolicyChange& change : m_changes)
        ids.insert(change.policyId);
    std::string text;
    for (const std::string_view id : ids)
        text.append(text.empty() ? "" : ", ").append(id);
    return text;
}

} // namespace luthien::store
