// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/hex_rows.h"

#include <algorithm>

namespace luthien::desktop {

using namespace Qt::StringLiterals;

namespace {
constexpr std::size_t kPerRow = 8;
} // namespace

void HexRows::show(std::shared_ptr<const std::string> bytes)
{
    beginResetModel();
    m_bytes = std::move(bytes);
    endResetModel();
}

int HexRows::rowCount(const QModelIndex& parent) const
{
    if (parent.isValid() || !m_bytes)
        return 0;
    return static_cast<int>((m_bytes->size() + kPerRow - 1) / kPerRow);
}

QVariant HexRows::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const std::size_t offset = static_cast<std::size_t>(index.row()) * kPerRow;
    if (role == OffsetRole)
        return u"%1"_s.arg(static_cast<qulonglong>(offset), 6, 16, QLatin1Char('0'));
    QString text;
    for (std::size_t at = offset; at < std::min(offset + kPerRow, m_bytes->size()); ++at) {
        const auto byte = static_cast<unsigned char>((*m_bytes)[at]);
        if (role == BytesRole)
            text += u"%1 "_s.arg(static_cast<uint>(byte), 2, 16, QLatin1Char('0'));
        else if (role == LettersRole)
            text += byte >= 0x20 && byte < 0x7f ? QChar(char16_t(byte)) : QChar(u'·');
    }
    return role == BytesRole || role == LettersRole ? QVariant(text) : QVariant();
}

QHash<int, QByteArray> HexRows::roleNames() const
{
    return {{OffsetRole, "offset"}, {BytesRole, "bytes"}, {LettersRole, "letters"}};
}

} // namespace luthien::desktop
