// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

#include <QFutureWatcher>
#include <QObject>
#include <QQmlEngine>

#include <functional>
#include <string>

namespace luthien::desktop {

/// What a database is like that somebody thinks of using.
struct DatabaseFinding
{
    std::string server; ///< "PostgreSQL"
    int schema = 0;     ///< version of its tables; 0 = there are none of ours
    int newest = 0;     ///< the one this program makes and reads; never less
};

/// Tries a database before it is chosen, and makes its tables; both over a connection of their own. Thread: GUI.
class DatabaseTrial : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(bool running READ isRunning NOTIFY changed FINAL)
    Q_PROPERTY(Outcome outcome READ outcome NOTIFY changed FINAL)
    Q_PROPERTY(QString text READ text NOTIFY changed FINAL)

public:
    enum Outcome { NotTried, Ready, NeedsTables, Failed };
    Q_ENUM(Outcome)
    using Try = std::function<Result<DatabaseFinding>(const std::string& url)>;
    using MakeTables = std::function<Result<void>(const std::string& url)>;

    /// Both are called on threads of the pool and may outlive this: what they need is theirs.
    DatabaseTrial(Try tryDatabase, MakeTables makeTables, QObject* parent = nullptr);
    /// Does not wait for a server that gives no answer: nobody is told of it any more.
    ~DatabaseTrial() override;

    [[nodiscard]] bool isRunning() const { return m_watcher.isRunning(); }
    [[nodiscard]] Outcome outcome() const noexcept { return m_outcome; }
    [[nodiscard]] QString text() const { return m_text; }

    Q_INVOKABLE void start(const QString& url);
    /// Makes the tables of the database that was tried last, then tries it again.
    Q_INVOKABLE void makeTables();
    /// Does not wait any longer; what is under way ends by itself.
    Q_INVOKABLE void stop();
    /// Another one is typed: what was found is of the one before.
    Q_INVOKABLE void forget();

Q_SIGNALS:
    void changed();

private:
    void take();
    [[nodiscard]] static QString textOf(const DatabaseFinding& found);

    Try m_try;
    MakeTables m_makeTables;
    std::string m_url;
    QFutureWatcher<Result<DatabaseFinding>> m_watcher;
    Outcome m_outcome = NotTried;
    QString m_text;
};

} // namespace luthien::desktop
