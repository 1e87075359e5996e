// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/script_document.h"

#include <QSet>
#include <QSyntaxHighlighter>
#include <QTextBlock>
#include <QTextCursor>
#include <QTextDocument>

namespace luthien::desktop {

using namespace Qt::StringLiterals;

namespace {
constexpr int kStep = 4;

bool isWordCharacter(QChar c)
{
    return c.isLetterOrNumber() || c == u'_' || c == u'$';
}

const QSet<QString>& keywords()
{
    // Source: the reserved words of ECMAScript 2016.
    static const QSet<QString> kWords{
        u"break"_s,   u"case"_s,   u"catch"_s,    u"class"_s, u"const"_s,  u"continue"_s,  u"debugger"_s,
        u"default"_s, u"delete"_s, u"do"_s,       u"else"_s,  u"export"_s, u"extends"_s,   u"false"_s,
        u"finally"_s, u"for"_s,    u"function"_s, u"if"_s,    u"import"_s, u"in"_s,        u"instanceof"_s,
        u"let"_s,     u"new"_s,    u"null"_s,     u"of"_s,    u"return"_s, u"super"_s,     u"switch"_s,
        u"this"_s,    u"throw"_s,  u"true"_s,     u"try"_s,   u"typeof"_s, u"undefined"_s, u"var"_s,
        u"void"_s,    u"while"_s,  u"with"_s,     u"yield"_s};
    return kWords;
}

const QSet<QString>& ownWords()
{
    static const QSet<QString> kWords{u"luthien"_s, u"onRequest"_s, u"onText"_s, u"onToolCall"_s, u"onEnd"_s};
    return kWords;
}

int leadingBlanks(const QString& line)
{
    int blanks = 0;
    while (blanks < line.size() && (line[blanks] == u' ' || line[blanks] == u'\t'))
        ++blanks;
    return blanks;
}
} // namespace

/// Colours one line at a time; what a line leaves open goes on in the next.
class ScriptPainter final : public QSyntaxHighlighter
{
public:
    struct Colors
    {
        QColor word, text, comment, number, own;
    };

    ScriptPainter(QTextDocument* document, Colors colors)
        : QSyntaxHighlighter(document)
        , m_colors(std::move(colors))
    {
    }

    void setColors(Colors colors)
    {
        m_colors = std::move(colors);
        rehighlight();
    }

protected:
    void highlightBlock(const QString& line) override
    {
        m_at = 0;
        m_mayBegin = true;
        setCurrentBlockState(Code);
        if (previousBlockState() == Comment)
            comment(line, 0);
        else if (previousBlockState() == Template)
            quoted(line, 0, u'`');
        while (m_at < line.size())
            step(line);
    }

private:
    enum State { Code = 0, Comment = 1, Template = 2 };

    void step(const QString& line)
    {
        const QChar c = line[m_at];
        const QChar next = m_at + 1 < line.size() ? line[m_at + 1] : QChar();
        if (c == u'/' && next == u'/') {
            setFormat(m_at, static_cast<int>(line.size()) - m_at, m_colors.comment);
            m_at = static_cast<int>(line.size());
        } else if (c == u'/' && next == u'*') {
            comment(line, 2);
        } else if (c == u'"' || c == u'\'' || c == u'`' || (c == u'/' && m_mayBegin)) {
            quoted(line, 1, c);
            m_mayBegin = false;
        } else if (isWordCharacter(c)) {
            word(line);
        } else {
            // Behind a value a slash divides; behind anything else it begins a pattern.
            m_mayBegin = c.isSpace() ? m_mayBegin : c != u')' && c != u']' && c != u'}';
            ++m_at;
        }
    }

    void comment(const QString& line, int opening)
    {
        const auto end = line.indexOf(u"*/"_s, m_at + opening);
        const int until = end < 0 ? static_cast<int>(line.size()) : static_cast<int>(end) + 2;
        setFormat(m_at, until - m_at, m_colors.comment);
        setCurrentBlockState(end < 0 ? Comment : Code);
        m_at = until;
    }

    void quoted(const QString& line, int opening, QChar quote)
    {
        int end = m_at + opening;
        while (end < line.size() && line[end] != quote)
            end += line[end] == u'\\' ? 2 : 1;
        const bool isOpen = end >= line.size();
        end = std::min(end + 1, static_cast<int>(line.size()));
        setFormat(m_at, end - m_at, m_colors.text);
        setCurrentBlockState(isOpen && quote == u'`' ? Template : Code);
        m_at = end;
    }

    void word(const QString& line)
    {
        int end = m_at;
        while (end < line.size() && isWordCharacter(line[end]))
            ++end;
        const QString name = line.mid(m_at, end - m_at);
        if (line[m_at].isDigit())
            setFormat(m_at, end - m_at, m_colors.number);
        else if (keywords().contains(name))
            setFormat(m_at, end - m_at, m_colors.word);
        else if (ownWords().contains(name))
            setFormat(m_at, end - m_at, m_colors.own);
        m_mayBegin = name == u"return"_s || name == u"typeof"_s;
        m_at = end;
    }

    Colors m_colors;
    int m_at = 0;
    bool m_mayBegin = true; ///< a value, and with it a pattern
};

ScriptDocument::ScriptDocument(QObject* parent)
    : QObject(parent)
{
    connect(this, &ScriptDocument::colorsChanged, this, &ScriptDocument::paintAgain);
}

ScriptDocument::~ScriptDocument() = default;

void ScriptDocument::setDocument(QQuickTextDocument* document)
{
    if (document == m_document)
        return;
    m_document = document;
    m_painter.reset();
    if (document != nullptr) {
        // The painter goes with the text document, which a text field may take down before us.
        m_painter = std::make_unique<ScriptPainter>(nullptr, ScriptPainter::Colors{});
        m_painter->setDocument(document->textDocument());
        connect(document->textDocument(), &QTextDocument::blockCountChanged, this, &ScriptDocument::countLines);
        paintAgain();
        countLines();
    }
    Q_EMIT documentChanged();
}

void ScriptDocument::paintAgain()
{
    if (m_painter)
        m_painter->setColors({m_word, m_text, m_comment, m_number, m_own});
}

void ScriptDocument::countLines()
{
    const int lines = m_document->textDocument()->blockCount();
    if (lines == m_lines)
        return;
    m_lines = lines;
    m_lineNumbers.clear();
    for (int line = 1; line <= lines; ++line)
        m_lineNumbers += (line > 1 ? u"\n"_s : QString()) + QString::number(line);
    Q_EMIT linesChanged();
}

void ScriptDocument::indent(int from, int to)
{
    QTextDocument* text = m_document->textDocument();
    QTextCursor cursor(text);
    cursor.setPosition(from);
    cursor.beginEditBlock();
    if (from == to) {
        cursor.insertText(QString(kStep - cursor.positionInBlock() % kStep, u' '));
    } else {
        const int last = text->findBlock(std::max(from, to - 1)).blockNumber();
        for (QTextBlock block = text->findBlock(from); block.isValid() && block.blockNumber() <= last;
             block = block.next()) {
            cursor.setPosition(block.position());
            if (block.length() > 1)
                cursor.insertText(QString(kStep, u' '));
        }
    }
    cursor.endEditBlock();
}

void ScriptDocument::outdent(int from, int to)
{
    QTextDocument* text = m_document->textDocument();
    QTextCursor cursor(text);
    cursor.beginEditBlock();
    const int last = text->findBlock(std::max(from, to - 1)).blockNumber();
    for (QTextBlock block = text->findBlock(from); block.isValid() && block.blockNumber() <= last;
         block = block.next()) {
        const int blanks = leadingBlanks(block.text());
        const bool isTab = blanks > 0 && block.text()[0] == u'\t';
        cursor.setPosition(block.position());
        cursor.movePosition(QTextCursor::Right, QTextCursor::KeepAnchor, isTab ? 1 : std::min(blanks, kStep));
        cursor.removeSelectedText();
    }
    cursor.endEditBlock();
}

void ScriptDocument::breakLine(int from, int to)
{
    QTextCursor cursor(m_document->textDocument());
    cursor.setPosition(from);
    const QString line = cursor.block().text().left(cursor.positionInBlock());
    QString blanks = line.left(leadingBlanks(line));
    if (const QString code = line.trimmed(); code.endsWith(u'{') || code.endsWith(u'[') || code.endsWith(u'('))
        blanks += QString(kStep, u' ');
    cursor.beginEditBlock();
    cursor.setPosition(to, QTextCursor::KeepAnchor);
    cursor.insertText(u'\n' + blanks);
    cursor.endEditBlock();
}

int ScriptDocument::find(const QString& text, int from, bool backward) const
{
    if (!m_document || text.isEmpty())
        return -1;
    const QTextDocument* all = m_document->textDocument();
    const auto flags = backward ? QTextDocument::FindBackward : QTextDocument::FindFlags();
    QTextCursor found = all->find(text, from, flags);
    if (found.isNull())
        found = all->find(text, backward ? all->characterCount() - 1 : 0, flags);
    return found.isNull() ? -1 : found.selectionStart();
}

int ScriptDocument::lineOf(int position) const
{
    return m_document ? m_document->textDocument()->findBlock(position).blockNumber() + 1 : 1;
}

int ScriptDocument::startOf(int line) const
{
    if (!m_document)
        return 0;
    const QTextBlock block = m_document->textDocument()->findBlockByNumber(line - 1);
    return block.isValid() ? block.position() : m_document->textDocument()->lastBlock().position();
}

} // namespace luthien::desktop
