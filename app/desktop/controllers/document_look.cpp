// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/document_look.h"

#include "desktop/models/text_piece.h"

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
    if (!m_marks.isEmpty())
        apply();
    Q_EMIT changed();
}

void DocumentLook::setMarkFill(const QColor& color)
{
    m_markFill = color;
    if (!m_marks.isEmpty())
        apply();
    Q_EMIT changed();
}

void DocumentLook::setSpans(const QList<int>& spans)
{
    if (m_spans == spans)
        return;
    m_spans = spans;
    apply();
    Q_EMIT changed();
}

void DocumentLook::setLinkColor(const QColor& color)
{
    m_linkColor = color;
    if (!m_spans.isEmpty())
        apply();
    Q_EMIT changed();
}

void DocumentLook::setCodeFill(const QColor& color)
{
    m_codeFill = color;
    if (!m_spans.isEmpty())
        apply();
    Q_EMIT changed();
}

void DocumentLook::setCodeFamily(const QString& family)
{
    m_codeFamily = family;
    if (!m_spans.isEmpty())
        apply();
    Q_EMIT changed();
}

void DocumentLook::setFound(const QList<int>& found)
{
    if (m_found == found)
        return;
    m_found = found;
    apply();
    Q_EMIT changed();
}

void DocumentLook::setFoundFill(const QColor& color)
{
    m_foundFill = color;
    if (!m_found.isEmpty())
        apply();
    Q_EMIT changed();
}

void DocumentLook::applyMarks(QTextCursor& cursor, const QList<int>& marks, const QTextCharFormat& format) const
{
    const auto length = static_cast<int>(m_document->textDocument()->characterCount()) - 1;
    for (qsizetype i = 0; i + 1 < marks.size(); i += 2) {
        cursor.setPosition(std::clamp(marks[i], 0, length));
        cursor.setPosition(std::clamp(marks[i] + marks[i + 1], 0, length), QTextCursor::KeepAnchor);
        cursor.mergeCharFormat(format);
    }
}

void DocumentLook::applySpans(QTextCursor& cursor) const
{
    for (qsizetype i = 0; i + 2 < m_spans.size(); i += 3) {
        const int style = m_spans[i + 2];
        QTextCharFormat format;
        if ((style & kBold) != 0)
            format.setFontWeight(QFont::DemiBold);
        if ((style & kItalic) != 0)
            format.setFontItalic(true);
        if ((style & kStruck) != 0)
            format.setFontStrikeOut(true);
        if ((style & kInlineCode) != 0) {
            format.setFontFamilies({m_codeFamily});
            format.setBackground(m_codeFill);
        }
        if ((style & kLink) != 0) {
            format.setForeground(m_linkColor);
            format.setFontUnderline(true);
        }
        applyMarks(cursor, {m_spans[i], m_spans[i + 1]}, format);
    }
}

void DocumentLook::apply()
{
    if (!m_document || m_isApplying)
        return;
    m_isApplying = true;
    QTextCursor cursor(m_document->textDocument());
    cursor.beginEditBlock();
    QTextBlockFormat lines;
    lines.setLineHeight(m_lineHeight * 100, QTextBlockFormat::ProportionalHeight);
    cursor.select(QTextCursor::Document);
    cursor.mergeBlockFormat(lines);
    if (m_isMarked)
        cursor.setCharFormat({});
    m_isMarked = !m_marks.isEmpty() || !m_spans.isEmpty() || !m_found.isEmpty();
    applySpans(cursor);
    QTextCharFormat mark;
    mark.setForeground(m_markColor);
    mark.setBackground(m_markFill);
    applyMarks(cursor, m_marks, mark);
    QTextCharFormat found;
    found.setBackground(m_foundFill);
    applyMarks(cursor, m_found, found);
    cursor.endEditBlock();
    m_isApplying = false;
}

} // namespace luthien::desktop
