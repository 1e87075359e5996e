// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/database_trial.h"

#include "desktop/models/visible_text.h"

#include <QtConcurrent>

#include <utility>

namespace luthien::desktop {

DatabaseTrial::DatabaseTrial(Try tryDatabase, MakeTables makeTables, QObject* parent)
    : QObject(parent)
    , m_try(std::move(tryDatabase))
    , m_makeTables(std::move(makeTables))
{
    connect(&m_watcher, &QFutureWatcherBase::finished, this, &DatabaseTrial::take);
}

DatabaseTrial::~DatabaseTrial()
{
    m_watcher.cancel(); // what has not begun never does
}

void DatabaseTrial::start(const QString& url)
{
    if (isRunning())
        return;
    m_url = url.trimmed().toStdString();
    m_outcome = NotTried;
    m_text = tr("Connecting…");
    m_watcher.setFuture(QtConcurrent::run(m_try, m_url));
    Q_EMIT changed();
}

void DatabaseTrial::makeTables()
{
    if (isRunning() || m_url.empty())
        return;
    m_outcome = NotTried;
    m_text = tr("Making the tables…");
    m_watcher.setFuture(
        QtConcurrent::run([make = m_makeTables, look = m_try, url = m_url]() -> Result<DatabaseFinding> {
            if (auto made = make(url); !made)
                return made.error();
            return look(url);
        }));
    Q_EMIT changed();
}

void DatabaseTrial::stop()
{
    if (!isRunning())
        return;
    m_watcher.cancel(); // what has not begun never does
    m_watcher.setFuture(QFuture<Result<DatabaseFinding>>());
    m_text = tr("Not waited for any more. A server that answers later may still do what it was asked.");
    Q_EMIT changed();
}

void DatabaseTrial::forget()
{
    if (isRunning() || m_text.isEmpty())
        return;
    m_outcome = NotTried;
    m_text.clear();
    Q_EMIT changed();
}

void DatabaseTrial::take()
{
    if (m_watcher.future().resultCount() == 0)
        return;
    const Result<DatabaseFinding> found = m_watcher.result();
    if (!found) {
        m_outcome = Failed;
        m_text = visibleText(found.error().message);
    } else {
        m_outcome = found->schema == found->newest ? Ready : NeedsTables;
        m_text = textOf(*found);
    }
    Q_EMIT changed();
}

QString DatabaseTrial::textOf(const DatabaseFinding& found)
{
    const QString server = visibleText(found.server);
    if (found.schema == found.newest)
        return tr("%1 answers, and its tables are up to date: version %2.").arg(server).arg(found.newest);
    if (found.schema == 0)
        return tr("%1 answers. It has no tables of ours; the next start with it makes them, of version %2, or do it "
                  "now.")
            .arg(server)
            .arg(found.newest);
    return tr("%1 answers. Its tables are of version %2; the next start with it brings them to version %3, or do it "
              "now.")
        .arg(server)
        .arg(found.schema)
        .arg(found.newest);
}

} // namespace luthien::desktop
