// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/call_detail_source.h"

#include <QAbstractListModel>
#include <QQmlEngine>

#include <vector>

namespace luthien::desktop {

/// Where the time of one call went: phases one after the other, then how much of it was held. Thread: GUI.
class CallTiming : public QAbstractListModel
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(QString total READ total NOTIFY changed FINAL)
    Q_PROPERTY(QString speed READ speed NOTIFY changed FINAL)

public:
    enum Role { LabelRole = Qt::UserRole + 1, TextRole, BeginRole, ShareRole, KindRole };
    /// Of KindRole: what a bar's colour means. What was Held is a sum of pieces, whose places are not known: no bar.
    enum Kind { Waiting, Model, Held };
    Q_ENUM(Kind)

    using QAbstractListModel::QAbstractListModel;

    void show(const CallDetail& detail);
    /// "3.4 s"; empty while the call is open.
    [[nodiscard]] QString total() const { return m_total; }
    /// "41 tokens/s"; empty = not known.
    [[nodiscard]] QString speed() const { return m_speed; }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

Q_SIGNALS:
    void changed();

private:
    struct Phase
    {
        QString label;
        std::chrono::microseconds begin{}; ///< since the call began
        std::chrono::microseconds length{};
        Kind kind = Waiting;
    };
    std::vector<Phase> m_phases;
    std::chrono::microseconds m_length{}; ///< of the whole
    QString m_total;
    QString m_speed;
};

} // namespace luthien::desktop
