// SPDX-License-Identifier: Apache-2.0
#include "demo/agent.h"

namespace luthien::demo {

namespace {
using conversation::Block;
using conversation::BlockKind;
using conversation::Role;

constexpr int kMaxCalls = 12;
} // namespace

Agent::Agent(AgentAddress address, AgentTask task, Shop& shop, QObject* parent)
    : QObject(parent)
    , m_address(std::move(address))
    , m_task(std::move(task))
    , m_shop(shop)
{
}

void Agent::start()
{
    hear(kTask);
}

void Agent::hear(const char* text)
{
    m_conversation.push_back({.role = Role::User, .blocks = {{.text = text}}});
    Q_EMIT personSaid(text);
    ask();
}

void Agent::ask()
{
    const ApiFormat* format = formatFor(m_task.api);
    if (format == nullptr || ++m_calls > kMaxCalls) {
        Q_EMIT failed({.code = format == nullptr ? ErrorCode::Unsupported : ErrorCode::TooLarge,
                       .message = format == nullptr ? "the demo speaks Messages and Responses only"
                                                    : "the conversation does not come to an end"});
        return;
    }
    auto* call = new AgentCall(m_task.api, this);
    connect(call, &AgentCall::replied, this, [this, call](const conversation::Response& response) {
        call->deleteLater();
        take(response);
    });
    connect(call, &AgentCall::failed, this, [this, call](const Error& error) {
        call->deleteLater();
        Q_EMIT failed(error);
    });
    call->send(m_address, m_task.session, format->path(), format->requestBody(m_conversation, m_task.form));
}

void Agent::take(const conversation::Response& response)
{
    Q_EMIT received(response);
    const Message reply{.role = Role::Assistant, .blocks = response.blocks};
    Message results = carryOut(reply);
    if (!reply.blocks.empty())
        m_conversation.push_back(reply);
    if (!results.blocks.empty()) {
        m_conversation.push_back(std::move(results));
        ask();
    } else if (!m_hasAskedBack) {
        m_hasAskedBack = true;
        hear(kQuestion);
    } else {
        Q_EMIT finished();
    }
}

Message Agent::carryOut(const Message& reply)
{
    Message results{.role = Role::Tool, .blocks = {}};
    for (const Block& block : reply.blocks) {
        if (block.kind != BlockKind::ToolUse)
            continue;
        const auto command = commandOf(block.text);
        const ToolOutput output = command ? runCommand(m_shop, *command)
                                          : ToolOutput{.text = "Error: the tool takes a command", .isError = true};
        Q_EMIT ran(command.value_or(block.text), output);
        results.blocks.push_back(
            {.kind = BlockKind::ToolResult, .isError = output.isError, .id = block.id, .text = output.text});
    }
    return results;
}

} // namespace luthien::demo
