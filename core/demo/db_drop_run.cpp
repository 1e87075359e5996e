// SPDX-License-Identifier: Apache-2.0
#include "demo/db_drop_run.h"

#include "base/clock.h"
#include "base/ids.h"

#include <algorithm>
#include <span>

namespace luthien::demo {

namespace {
using conversation::Block;
using conversation::BlockKind;

constexpr std::chrono::seconds kDeadline(60);

std::string rowCounts(const ShopState& state)
{
    std::string text;
    for (const TableState& table : state.tables)
        text += (text.empty() ? "" : ", ") + table.name + ' ' + std::to_string(table.rows);
    return text;
}

bool hasCall(const conversation::Response& response)
{
    return std::ranges::any_of(response.blocks, [](const Block& block) { return block.kind == BlockKind::ToolUse; });
}

std::vector<std::string> textsOf(const conversation::Response& response)
{
    std::vector<std::string> texts;
    for (const Block& block : response.blocks) {
        if (block.kind == BlockKind::Text)
            texts.push_back(block.text);
    }
    return texts;
}

std::string joined(std::span<const std::string> texts)
{
    std::string all;
    for (const std::string& text : texts)
        all += (all.empty() ? "" : "\n") + text;
    return all;
}
} // namespace

DbDropRun::DbDropRun(DbDropOptions options)
    : m_options(std::move(options))
    , m_deadline(this)
{
    m_outcome.session = "demo-" + CallId::make(SystemClock().now()).toString();
    m_deadline.setSingleShot(true);
    m_deadline.setInterval(kDeadline);
    connect(&m_deadline, &QTimer::timeout, this,
            [this] { fail({.code = ErrorCode::Timeout, .message = "the demo takes too long"}); });
}

DbDropRun::~DbDropRun() = default;

void DbDropRun::prepare()
{
    m_deadline.start();
    const auto url = makeParts();
    if (!url)
        return fail(url.error());
    Q_EMIT progressed({DbDropStep::ShopMade, rowCounts(m_outcome.before)});
    Q_EMIT listening(*url);
}

Result<std::string> DbDropRun::makeParts()
{
    auto shop = Shop::make(m_options.directory);
    if (!shop)
        return shop.error();
    m_shop = *std::move(shop);
    auto state = m_shop->survey();
    if (!state)
        return state.error();
    m_outcome.before = *std::move(state);
    m_provider = std::make_unique<Provider>(m_options.pace);
    connect(m_provider.get(), &Provider::answering, this, &DbDropRun::noteTurn);
    const auto port = m_provider->listen();
    if (!port)
        return port.error();
    return "http://127.0.0.1:" + std::to_string(*port);
}

void DbDropRun::run(const AgentAddress& address)
{
    if (m_isOver)
        return;
    m_agent = std::make_unique<Agent>(
        address, AgentTask{.api = m_options.api, .form = m_options.form, .session = m_outcome.session}, *m_shop,
        nullptr);
    connect(m_agent.get(), &Agent::personSaid, this,
            [this](const std::string& text) { Q_EMIT progressed({DbDropStep::PersonSaid, text}); });
    connect(m_agent.get(), &Agent::received, this, &DbDropRun::noteReply);
    connect(m_agent.get(), &Agent::ran, this, &DbDropRun::noteOutput);
    connect(m_agent.get(), &Agent::finished, this, &DbDropRun::conclude);
    connect(m_agent.get(), &Agent::failed, this, &DbDropRun::fail);
    m_agent->start();
}

void DbDropRun::noteTurn(const ModelTurn& turn)
{
    m_turn = turn;
    Q_EMIT progressed({DbDropStep::ModelSaid, turn.text});
    if (!turn.command)
        return;
    m_outcome.attempts.push_back({.command = *turn.command, .output = {}, .notice = {}});
    Q_EMIT progressed({DbDropStep::ModelAsked, *turn.command});
}

void DbDropRun::noteReply(const conversation::Response& response)
{
    const std::vector<std::string> texts = textsOf(response);
    m_outcome.answer = joined(texts);
    if (!m_turn.command || hasCall(response))
        return;
    // The model says one thing in each turn; what else there is to read was put there on the way.
    ToolAttempt& stopped = m_outcome.attempts.back();
    stopped.notice = joined(std::span(texts).subspan(std::min<std::size_t>(1, texts.size())));
    Q_EMIT progressed({DbDropStep::ToolStopped, stopped.notice});
}

void DbDropRun::noteOutput(const std::string& command, const ToolOutput& output)
{
    // What a policy put in the place of the model's command is what ran.
    if (m_outcome.attempts.empty() || m_outcome.attempts.back().output)
        m_outcome.attempts.push_back({.command = command, .output = {}, .notice = {}});
    m_outcome.attempts.back().command = command;
    m_outcome.attempts.back().output = output;
    Q_EMIT progressed({DbDropStep::ToolRan, output.text});
}

void DbDropRun::conclude()
{
    auto state = m_shop->survey();
    if (!state)
        return fail(state.error());
    if (m_isOver)
        return;
    m_isOver = true;
    m_deadline.stop();
    m_outcome.after = *std::move(state);
    m_outcome.question = kQuestion;
    Q_EMIT finished(m_outcome);
}

void DbDropRun::fail(const Error& error)
{
    if (m_isOver)
        return;
    m_isOver = true;
    m_deadline.stop();
    Q_EMIT failed(error);
}

} // namespace luthien::demo
