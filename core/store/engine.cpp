// SPDX-License-Identifier: Apache-2.0
#include "store/engine.h"

#include <utility>

namespace luthien::store {

bool Engine::exec(QSqlQuery& query, const QString& sql)
{
    const QString text = m_postedCount == 0 ? sql : m_posted + sql;
    const int before = m_postedCount;
    forgetPosted();
    return ask([&] {
        bool done = query.exec(text);
        for (int i = 0; done && i < before; ++i)
            done = query.nextResult(); // the server ends at the first error, which is the last result
        return done;
    });
}

bool Engine::post(const QString& sql)
{
    const auto room = static_cast<qsizetype>(traits().maxPostedBytes);
    if (!m_posts || m_posted.size() + sql.size() >= room)
        return false;
    m_posted += sql;
    m_posted += QLatin1Char(';');
    ++m_postedCount;
    return true;
}

void Engine::forgetPosted() noexcept
{
    m_posted.clear();
    m_postedCount = 0;
}

} // namespace luthien::store
