// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/call_view.h"

#include "desktop/models/call_texts.h"
#include "desktop/models/decision_rows.h"
#include "desktop/models/visible_text.h"

#include <QCoreApplication>

namespace luthien::desktop {

using namespace Qt::StringLiterals;
using conversation::BlockKind;
using conversation::EventKind;
using conversation::Role;

namespace {
QString tr(const char* text)
{
    return QCoreApplication::translate("Conversation", text);
}

/// True if a person would see it as somebody speaking; tool results only answer the model.
bool isSpoken(const Turn& turn)
{
    return std::any_of(turn.blocks.begin(), turn.blocks.end(),
                       [](const conversation::Block& block) { return block.kind != BlockKind::ToolResult; });
}

/// A call of our own, made for a policy: no turn of the agent's.
bool isQuestionOfPolicy(const store::CallRow& call)
{
    return !call.causePolicy.empty();
}

ConversationRow turnHeader(Role role, const store::CallRow& call)
{
    ConversationRow row{
        .kind = row::Kind::TurnHeader, .tone = row::Tone::Person, .expandable = true, .glyph = u"person"_s};
    row.marker = agentName(call.identity.agent);
    if (role == Role::Assistant) {
        row.tone = row::Tone::Model;
        row.glyph = u"spark"_s;
        row.title = tr("Earlier reply");
    } else if (role == Role::System) {
        row.tone = row::Tone::Plain;
        row.glyph = u"file"_s;
        row.title = tr("System");
    } else {
        row.title = tr("You");
        row.detail = clockText(call.startedAt);
    }
    if (isQuestionOfPolicy(call)) { // nobody spoke: a policy asks a model
        row.tone = row::Tone::Watching;
        row.glyph = u"shield"_s;
        row.title = role == Role::System ? tr("%1: instructions to its model").arg(visibleText(call.causePolicy))
                                         : tr("%1: question to its model").arg(visibleText(call.causePolicy));
    }
    return row;
}
} // namespace

CallView::CallView(store::CallRow call)
    : m_call(std::move(call))
{
    m_sections.resize(2);
    refreshHeader();
    refreshFooter();
}

CallView CallView::message(store::CallRow call, const Turn& turn, const QString& title, const QString& detail)
{
    CallView view(std::move(call));
    view.m_isMessage = true;
    view.m_sections.clear();
    Section header;
    header.pending = std::vector{turnHeader(turn.role, view.m_call)};
    header.pending->front().title = title;
    header.pending->front().detail = detail;
    header.changed = true;
    view.m_sections.push_back(std::move(header));
    std::unordered_map<std::string, QString> toolNames;
    view.addTurn(view.m_sections, turn, toolNames);
    view.m_headerSection = view.m_sections.size();
    view.m_sections.resize(view.m_sections.size() + 2);
    view.settle();
    return view;
}

void CallView::setRequest(const std::vector<Turn>& turns, bool skipAssistant)
{
    std::vector<Section> sections;
    std::unordered_map<std::string, QString> toolNames;
    std::optional<Role> speaker;
    for (const Turn& turn : turns) {
        for (const conversation::Block& block : turn.blocks)
            if (block.kind == BlockKind::ToolUse)
                toolNames[block.id] = visibleText(block.name);
        if (turn.role == Role::Assistant && skipAssistant)
            continue;
        if (isSpoken(turn) && speaker != turn.role) {
            Section header;
            header.pending = std::vector{turnHeader(turn.role, m_call)};
            header.changed = true;
            sections.push_back(std::move(header));
            speaker = turn.role;
        }
        addTurn(sections, turn, toolNames);
    }
    m_headerSection = sections.size();
    sections.insert(sections.end(), std::make_move_iterator(m_sections.begin()),
                    std::make_move_iterator(m_sections.end()));
    m_sections = std::move(sections);
    m_hasRequest = true;
}

void CallView::takeRequest(CallView& stored)
{
    const auto begin = stored.m_sections.begin();
    std::vector<Section> sections(std::make_move_iterator(begin),
                                  std::make_move_iterator(begin + static_cast<std::ptrdiff_t>(stored.m_headerSection)));
    for (Section& section : sections) {
        if (!section.changed)
            section.pending = std::exchange(section.rows, {});
        section.rows.clear();
        section.refold = section.block.has_value();
        section.changed = true;
    }
    m_headerSection = sections.size();
    sections.insert(sections.end(), std::make_move_iterator(m_sections.begin()),
                    std::make_move_iterator(m_sections.end()));
    m_sections = std::move(sections);
    m_call.cursor = stored.m_call.cursor;
    m_hasRequest = true;
}

void CallView::addTurn(std::vector<Section>& sections, const Turn& turn,
                       std::unordered_map<std::string, QString>& toolNames)
{
    for (const conversation::Block& block : turn.blocks) {
        Section section;
        section.block = BlockSection::whole(block);
        if (block.kind == BlockKind::ToolResult)
            section.block->setResultOf(toolNames[block.id]);
        section.changed = true;
        sections.push_back(std::move(section));
    }
}

void CallView::setReply(const conversation::Response& reply)
{
    for (const conversation::Block& block : reply.blocks)
        addBlock(BlockSection::whole(block));
    m_streamError = reply.error;
    refreshHeader();
    refreshFooter();
}

void CallView::setSent(const conversation::Response& sent)
{
    m_sent = sent;
    refreshFooter();
}

void CallView::takeSent(const CallView& stored)
{
    if (stored.m_sent)
        setSent(*stored.m_sent);
}

void CallView::decide(const conversation::Decision& decision)
{
    const auto isKnown = [&](const conversation::Decision& known) { return known.id == decision.id; };
    if (std::any_of(m_decisions.begin(), m_decisions.end(), isKnown))
        return;
    const std::size_t number = m_decisions.size();
    m_decisions.push_back(decision);
    const ConversationRow row = decisionRow(decision);
    m_comparisons.push_back(row.comparison);
    if (isAboutRequest(decision)) {
        m_aboutRequest.push_back(number);
        return refreshHeader();
    }
    if (Section* at = judgedBy(decision)) {
        at->block->setVerdict(row.tone, row.detail);
        at->decisions.push_back(number);
        at->changed = at->refold = true;
    } else {
        m_unplaced.push_back(number);
        refreshFooter();
    }
}

CallView::Section* CallView::judgedBy(const conversation::Decision& decision)
{
    const bool isTool = !decision.tool.empty();
    for (std::size_t i = m_sections.size() - 1; i-- > m_headerSection + 1;) {
        Section& at = m_sections[i];
        if (!at.block)
            continue;
        if (isTool ? at.block->kind() == BlockKind::ToolUse && at.block->id() == decision.toolId
                   : at.block->kind() == BlockKind::Text)
            return &at;
    }
    return nullptr;
}

void CallView::addDecisionRows(std::vector<ConversationRow>& rows, std::size_t number) const
{
    ConversationRow row = decisionRow(m_decisions[number]);
    row.decision = static_cast<int>(number);
    row.comparison = m_comparisons[number];
    rows.push_back(std::move(row));
    auto lines = comparisonRows(m_decisions[number], m_comparisons[number]);
    rows.insert(rows.end(), std::make_move_iterator(lines.begin()), std::make_move_iterator(lines.end()));
}

void CallView::addDecisions(const Section& section, RowUpdate& update) const
{
    if (section.decisions.empty())
        return;
    // Under a tool call they go on in its card, and the call's result after them.
    const bool isCard = section.block->kind() == BlockKind::ToolUse && !update.rows.empty();
    std::string toolId;
    if (isCard) {
        // The box of the arguments ends there, the card does not.
        update.rows.back().last = update.rows.back().kind == row::Kind::CardBody;
        toolId = std::exchange(update.rows.back().toolId, {});
    }
    for (const std::size_t number : section.decisions) {
        const std::size_t begin = update.rows.size();
        addDecisionRows(update.rows, number);
        update.rows[begin].first = !isCard;
        update.rows[begin].last = !isCard && update.rows.size() == begin + 1;
        update.rows.back().last = !isCard;
    }
    update.rows.back().last = true;
    update.rows.back().toolId = toolId;
}

void CallView::apply(const live::Delta& step)
{
    m_lastSeq = step.seq;
    switch (step.kind) {
    case EventKind::Start:
        if (std::exchange(m_replyStopped, false))
            beginNextReply();
        if (!step.name.empty())
            m_call.model = step.name;
        refreshHeader();
        return;
    case EventKind::Text:
    case EventKind::Thinking: {
        const auto kind = step.kind == EventKind::Text ? BlockKind::Text : BlockKind::Thinking;
        BlockSection& block = *section(blockSection(step, kind)).block;
        step.replaces ? block.replace(step.text) : block.append(step.text);
        if (kind == BlockKind::Thinking)
            block.setThinkingTime(std::chrono::duration_cast<std::chrono::milliseconds>(
                step.at - m_thinkingSince.try_emplace(step.block, step.at).first->second));
        return;
    }
    case EventKind::ToolStart:
        section(blockSection(step, BlockKind::ToolUse)).block->setTool(step.id, step.name, step.executor);
        return;
    case EventKind::ToolArgs: {
        BlockSection& block = *section(blockSection(step, BlockKind::ToolUse)).block;
        step.replaces ? block.replace(step.text) : block.append(step.text);
        return;
    }
    case EventKind::ToolEnd:
        section(blockSection(step, BlockKind::ToolUse)).block->close();
        return;
    case EventKind::Opaque: {
        BlockSection& block = *section(blockSection(step, BlockKind::Opaque)).block;
        block.setTool({}, step.name, step.executor);
        block.replace(step.text);
        return;
    }
    case EventKind::Usage:
        m_call.usage.update(step.usage);
        refreshHeader();
        return;
    case EventKind::Stop:
        m_call.stopReason = step.stopReason;
        m_replyStopped = true;
        closeBlocks();
        return;
    case EventKind::Error:
        m_streamError = step.text;
        refreshFooter();
        return;
    case EventKind::Keepalive:
    case EventKind::Framing:
        return;
    }
}

void CallView::finish(const live::Ended& end)
{
    m_lastSeq = end.seq;
    m_call.status = end.status;
    m_call.httpStatus = end.httpStatus;
    m_call.stopReason = end.stopReason;
    m_call.endedAt = end.at;
    m_call.usage.update(end.usage);
    m_call.error = end.error;
    if (!end.model.empty())
        m_call.model = end.model;
    closeBlocks();
    refreshHeader();
    refreshFooter();
}

std::size_t CallView::blockSection(const live::Delta& step, BlockKind kind)
{
    if (!m_blocks.contains(step.block)) {
        m_blocks[step.block] = m_sections.size() - 1 - m_headerSection;
        addBlock(BlockSection(kind));
    }
    const std::size_t index = m_headerSection + m_blocks[step.block];
    // A new block means that the one before it is complete: not every API says so.
    if (index > m_headerSection + 1 && m_sections[index - 1].block &&
        m_sections[index - 1].block->kind() == BlockKind::Thinking) {
        m_sections[index - 1].block->close();
        m_sections[index - 1].changed = true;
    }
    m_sections[index].changed = true;
    return index;
}

void CallView::addBlock(BlockSection block)
{
    Section section;
    section.block = std::move(block);
    section.block->setAsWritten(m_isReplyWritten);
    section.changed = true;
    m_sections.insert(m_sections.end() - 1, std::move(section));
    refreshFooter();
}

void CallView::beginNextReply()
{
    closeBlocks();
    m_blocks.clear();
    ConversationRow row{.kind = row::Kind::TurnHeader, .tone = row::Tone::Model, .glyph = u"spark"_s};
    row.title = tr("%1, asked again").arg(visibleText(m_call.model.empty() ? m_call.path : m_call.model));
    Section section;
    section.pending = std::vector{std::move(row)};
    section.changed = true;
    m_sections.insert(m_sections.end() - 1, std::move(section));
}

void CallView::closeBlocks()
{
    for (std::size_t i = m_headerSection + 1; i + 1 < m_sections.size(); ++i) {
        if (!m_sections[i].block)
            continue;
        m_sections[i].block->close();
        m_sections[i].changed = true;
    }
}

void CallView::refreshHeader()
{
    if (m_isMessage)
        return;
    ConversationRow row{.kind = row::Kind::TurnHeader, .tone = row::Tone::Model, .glyph = u"spark"_s};
    row.title = visibleText(m_call.model.empty() ? m_call.path : m_call.model);
    row.detail = usageText(m_call);
    row.expandable = true;
    row.expanded = m_isReplyWritten;
    row.marker = agentName(m_call.identity.agent);
    if (m_call.status == conversation::CallStatus::Open)
        row.tone = row::Tone::Live;
    if (isQuestionOfPolicy(m_call)) {
        row.glyph = u"shield"_s;
        row.title = tr("%1 answers %2").arg(row.title, visibleText(m_call.causePolicy));
        if (row.tone != row::Tone::Live)
            row.tone = row::Tone::Watching;
    }
    Section& at = section(m_headerSection);
    at.pending.emplace();
    for (const std::size_t number : m_aboutRequest)
        addDecisionRows(*at.pending, number);
    at.pending->push_back(std::move(row));
    at.changed = true;
}

void CallView::refreshFooter()
{
    if (m_isMessage)
        return;
    std::vector<ConversationRow> rows;
    for (const std::size_t number : m_unplaced)
        addDecisionRows(rows, number);
    if (m_sent) {
        auto sent = sentRows(*m_sent, m_sentExpanded);
        rows.insert(rows.end(), std::make_move_iterator(sent.begin()), std::make_move_iterator(sent.end()));
    }
    const std::size_t before = rows.size();
    if (!m_streamError.empty()) {
        ConversationRow row{.kind = row::Kind::Error, .tone = row::Tone::Failure, .glyph = u"triangle"_s};
        row.title = m_call.httpStatus >= 400 ? tr("The provider answered with error %1").arg(m_call.httpStatus)
                                             : tr("The provider reported an error");
        row.text = visibleText(m_streamError);
        rows.push_back(std::move(row));
    }
    const bool hasReply = m_sections.size() > m_headerSection + 2 || !m_streamError.empty();
    const auto footer = footerOf(m_call, hasReply);
    if (footer && !(footer->kind == row::Kind::Error && rows.size() > before))
        rows.push_back(*footer);
    Section& at = m_sections.back();
    at.pending = std::move(rows);
    at.changed = true;
}

} // namespace luthien::desktop
