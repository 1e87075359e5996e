// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QColor>
#include <QList>
#include <QObject>
#include <QPointer>
#include <QQmlEngine>
#include <QQuickTextDocument>

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

public:
    using QObject::QObject;

    [[nodiscard]] QQuickTextDocument* document() const { return m_document; }
    [[nodiscard]] double lineHeight() const noexcept { return m_lineHeight; }
    [[nodiscard]] QList<int> marks() const { return m_marks; }
    [[nodiscard]] QColor markColor() const { return m_markColor; }
    [[nodiscard]] QColor markFill() const { return m_markFill; }

    void setDocument(QQuickTextDocument* document);
    /// Of the font's own height, 1 = as it is.
    void setLineHeight(double lineHeight);
    /// Start and length in turn, in UTF-16 units of the text.
    void setMarks(const QList<int>& marks);
    void setMarkColor(const QColor& color);
    void setMarkFill(const QColor& color);

Q_SIGNALS:
    void changed();

private:
    void apply();

    QPointer<QQuickTextDocument> m_document;
    double m_lineHeight = 1;
    QList<int> m_marks;
    QColor m_markColor;
    QColor m_markFill;
    bool m_isApplying = false; ///< what we set is a change of the document too
};

} // namespace luthien::desktop
