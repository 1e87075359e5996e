// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/document_look.h"

#include <QTextCursor>
#include <QTextDocument>

#include <algorithm>

namespace luthien::desktop {

void DocumentLook::setDocument(QQuickTextDocument* document)
{
    if (m_document == document)
        return;
    if (m_document)
        disconnect(m_document->textDocument(), nullptr, this, nullptr);
    m_document = document;
    if (m_document)
        connect(m_document->textDocument(), &QTextDocument::contentsChanged, this, &DocumentLook::apply);
    apply();
    Q_EMIT changed();
}

void DocumentLook::setLineHeight(double lineHeight)
{
    m_lineHeight = lineHeight;
    apply();
    Q_EMIT changed();
}

void DocumentLook::setMarks(const QList<int>& marks)
{
    if (m_marks == marks)
        return;
    m_marks = marks;
    apply();
    Q_EMIT changed();
}

void DocumentLook::setMarkColor(const QColor& color)
{
    m_markColor = color;
    apply();
    Q_EMIT changed();
}

void DocumentLook::setMarkFill(const QColor& color)
{
    m_markFill = color;
    apply();
    Q_EMIT changed();
}

void DocumentLook::apply()
{
    if (!m_document || m_isApplying)
        return;
    m_isApplying = true;
    QTextCursor cursor(m_document->textDocument());
    QTextBlockFormat lines;
    lines.setLineHeight(m_lineHeight * 100, QTextBlockFormat::ProportionalHeight);
    cursor.select(QTextCursor::Document);
    cursor.mergeBlockFormat(lines);
    QTextCharFormat mark;
    mark.setForeground(m_markColor);
    mark.setBackground(m_markFill);
    const auto length = static_cast<int>(m_document->textDocument()->characterCount()) - 1;
    for (qsizetype i = 0; i + 1 < m_marks.size(); i += 2) {
        cursor.setPosition(std::clamp(m_marks[i], 0, length));
        cursor.setPosition(std::clamp(m_marks[i] + m_marks[i + 1], 0, length), QTextCursor::KeepAnchor);
        cursor.mergeCharFormat(mark);
    }
    m_isApplying = false;
}

} // namespace luthien::desktop
