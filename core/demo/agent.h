// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "demo/agent_call.h"
#include "demo/api_format.h"
#include "demo/shell_tool.h"
#include "demo/shop.h"

#include <QObject>

#include <string>
#include <vector>

namespace luthien::demo {

/// What the agent is to do, and how.
struct AgentTask
{
    conversation::Api api = conversation::Api::AnthropicMessages; ///< Messages or Responses
    ReplyForm form = ReplyForm::Streamed;
    std::string session;
};

/// A small agent: sends the task, carries out every tool call it gets back, sends the results, and so on until the
/// model calls no tool. Then the person asks back once. Whatever reaches it runs: it has no safety of its own.
/// Thread: the one that made it, which runs an event loop.
class Agent : public QObject
{
    Q_OBJECT
public:
    /// shop outlives the agent.
    Agent(AgentAddress address, AgentTask task, Shop& shop, QObject* parent);

    void start();

Q_SIGNALS:
    void personSaid(const std::string& text);
    /// A reply has come whole; its calls run next.
    void received(const luthien::conversation::Response& response);
    void ran(const std::string& command, const luthien::demo::ToolOutput& output);
    /// The conversation is over. Exactly one of these two comes, once.
    void finished();
    void failed(const luthien::Error& error);

private:
    void hear(const char* text);
    void ask();
    void take(const conversation::Response& response);
    [[nodiscard]] Message carryOut(const Message& reply);

    AgentAddress m_address;
    AgentTask m_task;
    Shop& m_shop;
    std::vector<Message> m_conversation;
    int m_calls = 0;
    bool m_hasAskedBack = false;
};

} // namespace luthien::demo
