// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QColor>
#include <QObject>
#include <QPointer>
#include <QQmlEngine>
#include <QQuickTextDocument>

#include <memory>

namespace luthien::desktop {

class ScriptPainter;

/// The text of a script in an editor: its colours, its lines, and what the keys of an editor do to it. Positions are
/// UTF-16 units. Thread: GUI.
class ScriptDocument : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(QQuickTextDocument* document READ document WRITE setDocument NOTIFY documentChanged FINAL)
    Q_PROPERTY(QColor wordColor MEMBER m_word NOTIFY colorsChanged FINAL)
    Q_PROPERTY(QColor textColor MEMBER m_text NOTIFY colorsChanged FINAL)
    Q_PROPERTY(QColor commentColor MEMBER m_comment NOTIFY colorsChanged FINAL)
    Q_PROPERTY(QColor numberColor MEMBER m_number NOTIFY colorsChanged FINAL)
    Q_PROPERTY(QColor ownColor MEMBER m_own NOTIFY colorsChanged FINAL)
    Q_PROPERTY(QString lineNumbers READ lineNumbers NOTIFY linesChanged FINAL)

public:
    explicit ScriptDocument(QObject* parent = nullptr);
    ~ScriptDocument() override;

    [[nodiscard]] QQuickTextDocument* document() const { return m_document; }
    void setDocument(QQuickTextDocument* document);
    /// "1\n2\n3"
    [[nodiscard]] QString lineNumbers() const { return m_lineNumbers; }

    /// Moves the lines that a selection touches by one step; a caret alone gets blanks up to the next step. \{
    Q_INVOKABLE void indent(int from, int to);
    Q_INVOKABLE void outdent(int from, int to);
    /// \}
    /// A new line as far in as the one before, and a step further behind an opening bracket. Takes the place of a
    /// selection.
    Q_INVOKABLE void breakLine(int from, int to);
    /// Where a text begins next, round the end; capitals do not matter. -1 = nowhere.
    [[nodiscard]] Q_INVOKABLE int find(const QString& text, int from, bool backward) const;
    /// Counted from 1.
    [[nodiscard]] Q_INVOKABLE int lineOf(int position) const;
    /// Where a line begins, counted from 1; the last one's if there are fewer.
    [[nodiscard]] Q_INVOKABLE int startOf(int line) const;

Q_SIGNALS:
    void documentChanged();
    void colorsChanged();
    void linesChanged();

private:
    void paintAgain();
    void countLines();

    QPointer<QQuickTextDocument> m_document;
    std::unique_ptr<ScriptPainter> m_painter;
    QColor m_word, m_text, m_comment, m_number, m_own;
    QString m_lineNumbers;
    int m_lines = 0;
};

} // namespace luthien::desktop
