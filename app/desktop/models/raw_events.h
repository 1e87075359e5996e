// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/call_detail_source.h"

#include <QAbstractListModel>
#include <QQmlEngine>

#include <vector>

namespace luthien::desktop {

/// The recorded events of one call, in order, without their bytes. They arrive in pages; more are asked for until all
/// are here. Thread: GUI.
class RawEvents : public QAbstractListModel
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(int count READ count NOTIFY countChanged FINAL)

public:
    enum Role { SeqRole = Qt::UserRole + 1, TimeRole, SentRole, KindRole, SizeRole, BeginRole };

    using QAbstractListModel::QAbstractListModel;

    /// Times are told from this one on.
    void clear(TimePoint start);
    /// Those that follow the last one.
    void append(const std::vector<EventBrief>& events);
    [[nodiscard]] int count() const noexcept { return static_cast<int>(m_events.size()); }
    [[nodiscard]] std::uint32_t nextSeq() const noexcept { return m_events.empty() ? 0 : m_events.back().seq + 1; }

    [[nodiscard]] Q_INVOKABLE int seqAt(int row) const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

Q_SIGNALS:
    void countChanged();

private:
    TimePoint m_start;
    std::vector<EventBrief> m_events;
};

} // namespace luthien::desktop
