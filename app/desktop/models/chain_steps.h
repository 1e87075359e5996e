// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "conversation/decision.h"
#include "desktop/models/conversation_row.h"
#include "desktop/models/policy_source.h"

#include <QAbstractListModel>
#include <QQmlEngine>

#include <vector>

namespace luthien::desktop {

/// What each policy said about one call, in the order of the chain; then those of the chain that said nothing: they
/// either let it pass or had nothing to judge, and the record does not tell which. Thread: GUI.
class ChainSteps : public QAbstractListModel
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(int count READ count NOTIFY countChanged FINAL)

public:
    enum Role {
        PolicyRole = Qt::UserRole + 1, ///< its id
        TitleRole,
        ToneRole,
        GlyphRole,
        WordRole,
        ReasonRole,
        LatencyRole, ///< "86 µs"; empty = not known
        VersionRole, ///< 64 hex; empty = it said nothing
        SilentRole,
        AboutRole,   ///< the tool it is about; empty = a text
        MatchedRole, ///< what was found, with a little around it
        MarksRole,
        ReceivedRole,
        ReceivedLabelRole,
    };

    using QAbstractListModel::QAbstractListModel;

    void show(const std::vector<conversation::Decision>& decisions, const std::vector<ListedPolicy>& chain);
    [[nodiscard]] int count() const noexcept { return static_cast<int>(m_steps.size()); }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

Q_SIGNALS:
    void countChanged();

private:
    struct Step
    {
        QString policy;
        QString title;
        QString latency;
        QString version;
        QString about;
        bool isSilent = false;
        ConversationRow words; ///< as in the conversation
    };
    std::vector<Step> m_steps;
};

/// The verdict that counts for a call as a whole: that of the policy which did most. Tone::Plain = nobody said
/// anything.
[[nodiscard]] ConversationRow worstVerdict(const std::vector<conversation::Decision>& decisions);
/// "86 µs", "1.2 ms", "3.4 s"
[[nodiscard]] QString latencyText(std::chrono::microseconds latency);

} // namespace luthien::desktop
