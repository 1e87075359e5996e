// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/held_sessions.h"

namespace luthien::desktop {

const store::SessionRow* HeldSessions::find(std::int64_t row) const
{
    const auto known = m_rows.find(row);
    return known == m_rows.end() ? nullptr : &known->second.row;
}

const store::SessionRow* HeldSessions::find(const std::string& id) const
{
    const auto known = m_rowOfId.find(id);
    return known == m_rowOfId.end() ? nullptr : find(known->second);
}

void HeldSessions::hold(const store::SessionRow& session)
{
    const std::int64_t key = session.cursor.row;
    if (const auto known = m_rows.find(key); known != m_rows.end()) {
        m_uses.splice(m_uses.end(), m_uses, known->second.use);
        known->second.row = session;
        return;
    }
    m_rows.emplace(key, Held{session, m_uses.insert(m_uses.end(), key)});
    m_rowOfId[session.id] = key;
    while (m_rows.size() > m_most)
        drop(m_uses.front());
}

void HeldSessions::drop(std::int64_t row)
{
    const auto known = m_rows.find(row);
    if (known == m_rows.end())
        return;
    m_uses.erase(known->second.use);
    // Its id may name another session by now.
    if (const auto named = m_rowOfId.find(known->second.row.id); named != m_rowOfId.end() && named->second == row)
        m_rowOfId.erase(named);
    m_rows.erase(known);
}

} // namespace luthien::desktop
