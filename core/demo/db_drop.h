// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "demo/agent.h"
#include "demo/shop.h"

#include <QObject>
#include <QThread>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace luthien::demo {

/// The way through a running proxy. Both functions are called on the thread of DbDrop.
struct ProxyRoute
{
    /// Opens a route to the provider at this URL and says where the agent finds it.
    std::function<Result<AgentAddress>(const std::string& providerUrl)> open;
    std::function<void()> close;
};

struct DbDropOptions
{
    conversation::Api api = conversation::Api::AnthropicMessages; ///< or OpenAiResponses
    ReplyForm form = ReplyForm::Streamed;
    std::filesystem::path directory;   ///< shop.db is made in it
    std::chrono::milliseconds pace{4}; ///< between two events of the model's stream
};

/// A command the model asked for, and what became of it.
struct ToolAttempt
{
    std::string command;
    std::optional<ToolOutput> output; ///< absent = the call never reached the agent
    std::string notice;               ///< what the agent read in its place

    [[nodiscard]] bool wasStopped() const noexcept { return !output.has_value(); }
};

struct DbDropOutcome
{
    std::string session; ///< as recorded
    std::vector<ToolAttempt> attempts;
    std::string question; ///< what the person asked in the end,
    std::string answer;   ///< and what the model said
    ShopState before;
    ShopState after;

    [[nodiscard]] bool isTableGone() const;
    /// Every row of every table is what it was.
    [[nodiscard]] bool isUntouched() const { return before == after; }
    /// The attempt to drop the table, or null if it never came to that.
    [[nodiscard]] const ToolAttempt* dropAttempt() const;
};

enum class DbDropStep : std::uint8_t {
    ShopMade,    ///< text: rows by table
    PersonSaid,  ///< text: what the agent is told
    ModelSaid,   ///< text: what it said
    ModelAsked,  ///< text: the command
    ToolRan,     ///< text: the tool's output
    ToolStopped, ///< text: the notice
};

struct DbDropProgress
{
    DbDropStep step = DbDropStep::ShopMade;
    std::string text;
    bool operator==(const DbDropProgress&) const = default;
};

class DbDropRun;

/// A model that drops a table, an agent that would let it, and a proxy between them. Provider, agent and database live
/// in a thread of their own. Thread: main; the signals come there.
class DbDrop : public QObject
{
    Q_OBJECT
public:
    explicit DbDrop(ProxyRoute route, QObject* parent = nullptr);
    /// As cancel(), without a signal.
    ~DbDrop() override;

    [[nodiscard]] bool isRunning() const noexcept { return m_run != nullptr; }
    /// Does nothing while one runs.
    void start(const DbDropOptions& options);
    /// Ends a run at once: failed() comes before this returns.
    void cancel();

Q_SIGNALS:
    void progressed(const luthien::demo::DbDropProgress& progress);
    /// Exactly one of these two comes for every start().
    void finished(const luthien::demo::DbDropOutcome& outcome);
    void failed(const luthien::Error& error);

private:
    void openRoute(const std::string& providerUrl);
    void end();

    ProxyRoute m_route;
    QThread m_thread;
    DbDropRun* m_run = nullptr; ///< lives and dies in m_thread
    int m_runNumber = 0;
    bool m_isRouteOpen = false;
};

} // namespace luthien::demo
