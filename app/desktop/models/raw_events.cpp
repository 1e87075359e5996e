// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/raw_events.h"

#include "desktop/models/visible_text.h"

#include <QLocale>

namespace luthien::desktop {

using namespace Qt::StringLiterals;

namespace {
/// "+1.204 s" since the call began.
QString offsetText(std::chrono::microseconds offset)
{
    return u'+' + QLocale().toString(static_cast<double>(offset.count()) / 1e6, 'f', 3) + u" s"_s;
}
} // namespace

void RawEvents::clear(TimePoint start)
{
    beginResetModel();
    m_start = start;
    m_events.clear();
    endResetModel();
    Q_EMIT countChanged();
}

void RawEvents::append(const std::vector<EventBrief>& events)
{
    if (events.empty())
        return;
    const int first = count();
    beginInsertRows({}, first, first + static_cast<int>(events.size()) - 1);
    m_events.insert(m_events.end(), events.begin(), events.end());
    endInsertRows();
    Q_EMIT countChanged();
}

int RawEvents::seqAt(int row) const
{
    return row >= 0 && row < count() ? static_cast<int>(m_events[static_cast<std::size_t>(row)].seq) : -1;
}

int RawEvents::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : count();
}

QVariant RawEvents::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= count())
        return {};
    const EventBrief& event = m_events[static_cast<std::size_t>(index.row())];
    switch (static_cast<Role>(role)) {
    case SeqRole:
        return event.seq;
    case TimeRole:
        return offsetText(event.at - m_start);
    case SentRole:
        return event.direction == conversation::Direction::Sent;
    case KindRole: {
        const std::string_view name = wireKindName(event.kind);
        return QString::fromLatin1(name.data(), static_cast<qsizetype>(name.size()));
    }
    case SizeRole:
        return QLocale().formattedDataSize(static_cast<qint64>(event.size));
    case BeginRole:
        return visibleText(event.begin).simplified();
    }
    return {};
}

QHash<int, QByteArray> RawEvents::roleNames() const
{
    return {{SeqRole, "seq"},   {TimeRole, "time"}, {SentRole, "sent"},
            {KindRole, "kind"}, {SizeRole, "size"}, {BeginRole, "begin"}};
}

} // namespace luthien::desktop
