// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/conversation_source.h"

#include <QAbstractListModel>
#include <QQmlEngine>
#include <QSet>

#include <map>
#include <vector>

namespace luthien::desktop {

/// What one call tells of its agent.
[[nodiscard]] AgentSighting sightingOf(const store::CallRow& call);

/// The agents of a session as a tree: the main one, those it started, those they started. Thread: GUI.
class AgentOutline : public QAbstractListModel
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("of a conversation")
    /// Without the main one.
    Q_PROPERTY(int subagents READ subagents NOTIFY changed FINAL)

public:
    enum Role {
        AgentRole = Qt::UserRole + 1,
        TitleRole,
        DetailRole,
        DepthRole,
        ExpandableRole,
        ExpandedRole,
        LiveRole,
    };

    using QAbstractListModel::QAbstractListModel;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;
    [[nodiscard]] int subagents() const;

    void clear();
    /// Adds what further calls tell.
    void add(const std::vector<AgentSighting>& sightings);
    Q_INVOKABLE void toggle(int row);

Q_SIGNALS:
    void changed();

private:
    struct Line
    {
        std::string agent;
        int depth = 0;
        bool hasChildren = false;
        bool operator==(const Line&) const = default;
    };
    void rebuild();
    void addLines(std::vector<Line>& lines, const std::string& agent, int depth) const;
    [[nodiscard]] std::string parentOf(const std::string& agent) const;

    std::map<std::string, AgentSighting> m_agents;
    std::vector<Line> m_lines;
    QSet<QString> m_folded;
};

} // namespace luthien::desktop
