// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/changed_lines.h"

#include <algorithm>

namespace luthien::desktop {

static_assert(static_cast<int>(DiffLine::Kind::Skipped) == ChangedLines::Skipped);

void ChangedLines::compare(std::string_view before, std::string_view after)
{
    std::vector<DiffLine> lines = diffTexts(before, after);
    // Nothing that differs, nothing to show.
    if (std::ranges::all_of(lines, [](const DiffLine& line) {
            return line.kind == DiffLine::Kind::Same || line.kind == DiffLine::Kind::Skipped;
        }))
        lines.clear();
    beginResetModel();
    m_lines = std::move(lines);
    endResetModel();
    Q_EMIT countChanged();
}

int ChangedLines::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : count();
}

QVariant ChangedLines::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const DiffLine& line = m_lines[static_cast<std::size_t>(index.row())];
    switch (role) {
    case KindRole:
        return static_cast<int>(line.kind);
    case BeforeRole:
        return line.before;
    case AfterRole:
        return line.after;
    case BeforeMarksRole:
        return QVariant::fromValue(line.beforeMarks);
    case AfterMarksRole:
        return QVariant::fromValue(line.afterMarks);
    case SkippedRole:
        return line.count;
    default:
        return {};
    }
}

QHash<int, QByteArray> ChangedLines::roleNames() const
{
    return {{KindRole, "kind"},
            {BeforeRole, "before"},
            {AfterRole, "after"},
            {BeforeMarksRole, "beforeMarks"},
            {AfterMarksRole, "afterMarks"},
            {SkippedRole, "skipped"}};
}

} // namespace luthien::desktop
