// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

#include <memory>
#include <string>

namespace luthien::test {

/// A PostgreSQL server of the test's own: a new cluster in a directory below /tmp, reachable over a Unix socket there
/// only. Its settings are the server's defaults, fsync included. Run by root, it runs as another user.
class PostgresServer
{
public:
    enum class Stop { Fast, Immediate };

    /// Makes a cluster and starts it; null, with a line that says why, if that fails.
    [[nodiscard]] static std::unique_ptr<PostgresServer> make();
    /// The one that this run of the tests shares (ctest starts and stops it), or else one that this process keeps until
    /// its end. Null as above.
    [[nodiscard]] static PostgresServer* shared();
    ~PostgresServer();
    PostgresServer(const PostgresServer&) = delete;
    PostgresServer& operator=(const PostgresServer&) = delete;

    [[nodiscard]] bool start();
    [[nodiscard]] bool stop(Stop how);
    [[nodiscard]] const QString& directory() const { return m_directory; }
    [[nodiscard]] std::string url(const QString& database) const;
    enum class Content { Nothing, Schema };
    /// Makes a database, with our schema in it or without; its name, empty if that fails.
    [[nodiscard]] QString makeDatabase(Content content);
    void dropDatabase(const QString& name);
    /// Leaves it running, for others.
    void leaveRunning() { m_isOurs = false; }
    /// One that is running already; stopped and removed at the end if own.
    enum class Ownership { Theirs, Ours };
    PostgresServer(QString directory, Ownership ownership);

private:
    [[nodiscard]] bool makeTemplate();
    [[nodiscard]] bool runSql(const QString& sql);

    QString m_directory;
    bool m_isOurs;
};

} // namespace luthien::test
