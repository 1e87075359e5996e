// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "demo/db_drop.h"
#include "demo/provider.h"

#include <QTimer>

namespace luthien::demo {

/// One run of the demo. Thread: DbDrop's own, which runs an event loop; made elsewhere and moved there.
class DbDropRun : public QObject
{
    Q_OBJECT
public:
    explicit DbDropRun(DbDropOptions options);
    ~DbDropRun() override;

    /// Makes the shop and the provider; listening() or failed() follows.
    void prepare();
    /// Lets the agent work; finished() or failed() follows.
    void run(const AgentAddress& address);

Q_SIGNALS:
    void listening(const std::string& providerUrl);
    void progressed(const luthien::demo::DbDropProgress& progress);
    void finished(const luthien::demo::DbDropOutcome& outcome);
    void failed(const luthien::Error& error);

private:
    [[nodiscard]] Result<std::string> makeParts();
    void noteTurn(const ModelTurn& turn);
    void noteReply(const conversation::Response& response);
    void noteOutput(const std::string& command, const ToolOutput& output);
    void conclude();
    void fail(const Error& error);

    DbDropOptions m_options;
    DbDropOutcome m_outcome;
    QTimer m_deadline;
    std::optional<Shop> m_shop;
    std::unique_ptr<Provider> m_provider;
    std::unique_ptr<Agent> m_agent;
    ModelTurn m_turn; ///< the latest
    bool m_isOver = false;
};

} // namespace luthien::demo
