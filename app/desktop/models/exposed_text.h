// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QList>
#include <QString>
#include <QStringList>
#include <QStringView>

namespace luthien::desktop {

/// A text as a person must see it before saying yes to it: nothing in it is unseen, out of view, or looks like
/// something else without being marked.
struct ExposedText
{
    static constexpr qsizetype kMaxMarks = 1000;

    QString text;
    /// Where text is ours instead of the writer's, or looks like something else: start and length in turn, in UTF-16
    /// units, at most kMaxMarks of them.
    QList<int> marks;
    QStringList warnings; ///< what was found, a sentence each
};

/// Drawn as nothing, or as nothing but a blank: stricter than where text is only read, since a joiner hides in a
/// command as well as in an emoji.
[[nodiscard]] bool isUnseen(char32_t code);

/// Builds an ExposedText piece by piece. Characters that hide or reorder text stand as their code, tabs and line breaks
/// as a sign, long runs of blanks as their number; letters of other scripts within Latin words, or that all look like
/// Latin ones, are followed by the name of their script; other look-alikes are marked. Thread: one at a time.
class TextExposer
{
public:
    /// Text of ours: not looked at.
    void addFrame(QStringView text) { m_exposed.text += text; }
    /// Text from outside. What follows a line break in it begins with indent, marked, so that it can be told from a
    /// frame.
    void addText(QStringView text, const QString& indent = {});
    [[nodiscard]] ExposedText take();

private:
    void addMarked(QStringView text);
    void addBreaks(qsizetype count, const QString& indent);
    void addBlanks(qsizetype count);
    void addWord(QStringView word);
    void addSign(char32_t code);
    void mark(qsizetype start, qsizetype length);

    ExposedText m_exposed;
    qsizetype m_hidden = 0;
    qsizetype m_shortened = 0;
    QStringList m_scripts; ///< of letters that look like others
    QStringList m_signs;   ///< that look like others
};

} // namespace luthien::desktop
