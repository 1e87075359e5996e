// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/agent_outline.h"

#include "desktop/models/call_texts.h"
#include "desktop/models/visible_text.h"

#include <algorithm>

namespace luthien::desktop {

using namespace Qt::StringLiterals;

namespace {
// Labels come from clients: one that names itself as its own ancestor must not lead in circles.
constexpr int kDeepest = 12;
constexpr qsizetype kTitle = 120;
} // namespace

AgentSighting sightingOf(const store::CallRow& call)
{
    return {.agent = call.identity.agent,
            .parent = call.identity.parentAgent,
            .preview = call.preview,
            .firstAt = call.startedAt,
            .calls = 1,
            .tokens = call.usage.input.value_or(0) + call.usage.output.value_or(0),
            .isOpen = call.status == conversation::CallStatus::Open};
}

int AgentOutline::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_lines.size());
}

int AgentOutline::subagents() const
{
    return static_cast<int>(m_agents.size()) - (m_agents.contains(std::string()) ? 1 : 0);
}

QVariant AgentOutline::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const Line& line = m_lines[static_cast<std::size_t>(index.row())];
    const auto at = m_agents.find(line.agent);
    if (at == m_agents.end()) // it is just being taken away
        return {};
    const AgentSighting& agent = at->second;
    switch (static_cast<Role>(role)) {
    case AgentRole:
        return QString::fromStdString(line.agent);
    case TitleRole:
        if (line.agent.empty())
            return tr("Main conversation");
        return agent.preview.empty() ? visibleText(line.agent)
                                     : visibleText(fromUtf8(agent.preview).simplified()).left(kTitle);
    case DetailRole: {
        const QString calls = callsText(agent.calls);
        const QString tokens = agent.tokens > 0 ? u" · "_s + tr("%1 tokens").arg(countText(agent.tokens)) : QString();
        return line.agent.empty() ? calls + tokens : agentName(line.agent) + u" · "_s + calls + tokens;
    }
    case DepthRole:
        return line.depth;
    case ExpandableRole:
        return line.hasChildren;
    case ExpandedRole:
        return !m_folded.contains(QString::fromStdString(line.agent));
    case LiveRole:
        return agent.isOpen;
    }
    return {};
}

QHash<int, QByteArray> AgentOutline::roleNames() const
{
    return {{AgentRole, "agent"},           {TitleRole, "title"},       {DetailRole, "detail"}, {DepthRole, "depth"},
            {ExpandableRole, "expandable"}, {ExpandedRole, "expanded"}, {LiveRole, "live"}};
}

void AgentOutline::clear()
{
    m_agents.clear();
    m_folded.clear();
    rebuild();
}

void AgentOutline::add(const std::vector<AgentSighting>& sightings)
{
    for (const AgentSighting& seen : sightings) {
        const auto [at, isNew] = m_agents.try_emplace(seen.agent, seen);
        if (isNew)
            continue;
        AgentSighting& known = at->second;
        known.calls += seen.calls;
        known.tokens += seen.tokens;
        known.isOpen = seen.calls == 0 ? seen.isOpen : known.isOpen || seen.isOpen;
        if (known.parent.empty())
            known.parent = seen.parent;
        if (seen.firstAt < known.firstAt && !seen.preview.empty()) {
            known.firstAt = seen.firstAt;
            known.preview = seen.preview;
        }
    }
    rebuild();
}

void AgentOutline::toggle(int row)
{
    if (row < 0 || row >= rowCount())
        return;
    const QString agent = QString::fromStdString(m_lines[static_cast<std::size_t>(row)].agent);
    if (!m_folded.remove(agent))
        m_folded.insert(agent);
    rebuild();
}

std::string AgentOutline::parentOf(const std::string& agent) const
{
    const std::string& parent = m_agents.at(agent).parent;
    return parent == agent || !m_agents.contains(parent) ? std::string() : parent;
}

void AgentOutline::addLines(std::vector<Line>& lines, const std::string& agent, int depth) const
{
    std::vector<std::pair<TimePoint, std::string>> children;
    for (const auto& [id, seen] : m_agents)
        if (!id.empty() && id != agent && parentOf(id) == agent)
            children.emplace_back(seen.firstAt, id);
    std::sort(children.begin(), children.end());
    if (m_agents.contains(agent))
        lines.push_back({.agent = agent, .depth = depth, .hasChildren = !children.empty()});
    if (depth >= kDeepest || m_folded.contains(QString::fromStdString(agent)))
        return;
    for (const auto& child : children)
        addLines(lines, child.second, depth + 1);
}

void AgentOutline::rebuild()
{
    std::vector<Line> lines;
    addLines(lines, {}, 0);
    const auto sameEnd = [](const auto& a, const auto& b) {
        return static_cast<int>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
    };
    const int begin = sameEnd(m_lines, lines);
    std::vector<Line> oldRest(m_lines.rbegin(), m_lines.rend() - begin);
    std::vector<Line> newRest(lines.rbegin(), lines.rend() - begin);
    const int end = sameEnd(oldRest, newRest);
    const int oldEnd = static_cast<int>(m_lines.size()) - end;
    const int newEnd = static_cast<int>(lines.size()) - end;
    if (begin < oldEnd) {
        beginRemoveRows({}, begin, oldEnd - 1);
        m_lines.erase(m_lines.begin() + begin, m_lines.begin() + oldEnd);
        endRemoveRows();
    }
    if (begin < newEnd) {
        beginInsertRows({}, begin, newEnd - 1);
        m_lines = std::move(lines);
        endInsertRows();
    }
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0), index(rowCount() - 1));
    Q_EMIT changed();
}

} // namespace luthien::desktop
