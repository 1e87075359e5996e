// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/text_piece.h"

#include <QByteArray>
#include <QList>
#include <QObject>
#include <QQmlEngine>
#include <QString>

#include <string>

namespace luthien::desktop {

/// What QML chooses delegates and colours by.
namespace row {
Q_NAMESPACE
QML_NAMED_ELEMENT(Block)

enum class Kind {
    TurnHeader, ///< who speaks: a person, the system, a model
    Text,
    Code,
    TableRow, ///< one line of a table, in cells
    Divider,  ///< a line across
    Thinking, ///< one line, opens to ThoughtText rows
    ThoughtText,
    ToolUse,    ///< head of a card, opens to CardBody rows
    ToolResult, ///< head of a card with CardBody rows
    CardBody,
    Attachment, ///< images, documents and whatever else is carried without being shown, opens to CardBody or Picture
    Picture,    ///< what an image block carries, decoded
    Decision,   ///< what a policy said about the block above, opens to DiffLine rows
    DiffLine,   ///< a line of what was judged beside what left instead
    Received,   ///< one line, opens to ThoughtText rows: what the agent got instead of the reply
    Error,
    CallFooter, ///< how a call that did not simply complete stands
};
Q_ENUM_NS(Kind)

/// Blocked to Watching are the verdicts of policies; Watching = that of a shadow, which changes nothing.
/// Added and Removed are those of a DiffLine; one that is neither stands in both.
enum class Tone { Plain, Person, Model, Live, Warning, Failure, Blocked, Changed, Allowed, Watching, Added, Removed };
Q_ENUM_NS(Tone)

enum class Style { Paragraph, Heading, ListItem, Quote, Monospace };
Q_ENUM_NS(Style)

/// How a decision shows what was judged and what left instead: not at all since they are one, not now, one under the
/// other, side by side.
enum class Comparison { None, Closed, Inline, Beside };
Q_ENUM_NS(Comparison)
} // namespace row

/// One row of the conversation: everything a delegate shows, made before it is asked for.
struct ConversationRow
{
    row::Kind kind = row::Kind::Text;
    row::Tone tone = row::Tone::Plain;
    row::Style style = row::Style::Paragraph;
    row::Comparison comparison = row::Comparison::None;
    int depth = 0;       ///< of a list item, the level of a heading, 1 = the head of a table
    bool quoted = false; ///< stands in a quotation
    bool first = true;   ///< the upper end of its card or code box is here
    bool last = true;    ///< the lower end is here
    bool expandable = false;
    bool expanded = false; ///< of a header: the words are shown as they were written
    int decision = -1;     ///< number within its call, of a Decision
    int policyAt = -1;     ///< of a Decision: where in the title the policy's id stands
    QString policy;        ///< that id
    QString glyph;
    QString marker; ///< of a list item, the language of code
    QString title;
    QString text;
    QString detail;        ///< shown at the right: time, tokens, size, verdict
    QList<int> spans;      ///< begin, length and style (kBold...) in turn, of the text
    QStringList links;     ///< where the spans with kLink lead
    QStringList cells;     ///< of a table
    QList<int> widths;     ///< of its columns, in characters
    QString matched;       ///< of a decision: where it was found, with a little around it
    QList<int> marks;      ///< begin and length in turn, of what was found in matched, or differs in a DiffLine's text
    QString received;      ///< of a decision: what the agent reads instead, or would
    QString receivedLabel; ///< who reads that
    QString other;         ///< of a DiffLine: what left, beside text, which was judged
    QList<int> otherMarks; ///< as marks, of other
    QByteArray picture;    ///< base64 of an image file
    std::string toolId;    ///< of the last row of a tool call and the first one of its result

    bool operator==(const ConversationRow&) const = default;
};

} // namespace luthien::desktop
