// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QColor>
#include <QList>
#include <QObject>
#include <QPointer>
#include <QQmlEngine>
#include <QQuickTextDocument>
#include <QTextCharFormat>
#include <QTextCursor>

namespace luthien::desktop {

/// What a TextEdit has no properties for: the height of its lines, and marks behind parts of its text. Thread: GUI.
class DocumentLook : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(QQuickTextDocument* document READ document WRITE setDocument NOTIFY changed FINAL)
    Q_PROPERTY(double lineHeight READ lineHeight WRITE setLineHeight NOTIFY changed FINAL)
    Q_PROPERTY(QList<int> marks READ marks WRITE setMarks NOTIFY changed FINAL)
    Q_PROPERTY(QColor markColor READ markColor WRITE setMarkColor NOTIFY changed FINAL)
    Q_PROPERTY(QColor markFill READ markFill WRITE setMarkFill NOTIFY changed FINAL)
    Q_PROPERTY(QList<int> spans READ spans WRITE setSpans NOTIFY changed FINAL)
    Q_PROPERTY(QColor linkColor READ linkColor WRITE setLinkColor NOTIFY changed FINAL)
    Q_PROPERTY(QColor codeFill READ codeFill WRITE setCodeFill NOTIFY changed FINAL)
    Q_PROPERTY(QString codeFamily READ codeFamily WRITE setCodeFamily NOTIFY changed FINAL)
    Q_PROPERTY(QList<int> found READ found WRITE setFound NOTIFY changed FINAL)
    Q_PROPERTY(QColor foundFill READ foundFill WRITE setFoundFill NOTIFY changed FINAL)

public:
    using QObject::QObject;

    [[nodiscard]] QQuickTextDocument* document() const { return m_document; }
    [[nodiscard]] double lineHeight() const noexcept { return m_lineHeight; }
    [[nodiscard]] QList<int> marks() const { return m_marks; }
    [[nodiscard]] QColor markColor() const { return m_markColor; }
    [[nodiscard]] QColor markFill() const { return m_markFill; }

    [[nodiscard]] QList<int> spans() const { return m_spans; }
    [[nodiscard]] QColor linkColor() const { return m_linkColor; }
    [[nodiscard]] QColor codeFill() const { return m_codeFill; }
    [[nodiscard]] QString codeFamily() const { return m_codeFamily; }
    [[nodiscard]] QList<int> found() const { return m_found; }
    [[nodiscard]] QColor foundFill() const { return m_foundFill; }

    void setDocument(QQuickTextDocument* document);
    /// Of the font's own height, 1 = as it is.
    void setLineHeight(double lineHeight);
    /// Start and length in turn, in UTF-16 units of the text.
    void setMarks(const QList<int>& marks);
    void setMarkColor(const QColor& color);
    void setMarkFill(const QColor& color);
    /// Begin, length and style, as TextPiece::spans.
    void setSpans(const QList<int>& spans);
    void setLinkColor(const QColor& color);
    void setCodeFill(const QColor& color);
    void setCodeFamily(const QString& family);
    /// As marks, of what was looked for: they lie over everything else.
    void setFound(const QList<int>& found);
    void setFoundFill(const QColor& color);

Q_SIGNALS:
    void changed();

private:
    void apply();
    void applyMarks(QTextCursor& cursor, const QList<int>& marks, const QTextCharFormat& format) const;
    void applySpans(QTextCursor& cursor) const;

    QPointer<QQuickTextDocument> m_document;
    double m_lineHeight = 1;
    QList<int> m_marks;
    QColor m_markColor;
    QColor m_markFill;
    QList<int> m_spans;
    QColor m_linkColor;
    QColor m_codeFill;
    QString m_codeFamily;
    QList<int> m_found;
    QColor m_foundFill;
    bool m_isMarked = false;   ///< there are formats in the document
    bool m_isApplying = false; ///< what we set is a change of the document too
};

} // namespace luthien::desktop
