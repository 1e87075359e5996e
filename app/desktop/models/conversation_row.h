// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/text_cutter.h"

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
    Thinking, ///< one line, opens to ThoughtText rows
    ThoughtText,
    ToolUse,    ///< head of a card, opens to CardBody rows
    ToolResult, ///< head of a card with CardBody rows
    CardBody,
    Attachment, ///< images, documents and whatever else is carried without being shown
    Decision,   ///< what a policy said about the block above
    Received,   ///< one line, opens to ThoughtText rows: what the agent got instead of the reply
    Error,
    CallFooter, ///< how a call that did not simply complete stands
};
Q_ENUM_NS(Kind)

/// Blocked to Watching are the verdicts of policies; Watching = that of a shadow, which changes nothing.
enum class Tone { Plain, Person, Model, Live, Warning, Failure, Blocked, Changed, Allowed, Watching };
Q_ENUM_NS(Tone)

enum class Style { Paragraph, Heading, ListItem, Quote, Monospace };
Q_ENUM_NS(Style)
} // namespace row

/// One row of the conversation: everything a delegate shows, made before it is asked for.
struct ConversationRow
{
    row::Kind kind = row::Kind::Text;
    row::Tone tone = row::Tone::Plain;
    row::Style style = row::Style::Paragraph;
    int depth = 0;     ///< of a list item, or the level of a heading
    bool first = true; ///< the upper end of its card or code box is here
    bool last = true;  ///< the lower end is here
    bool expandable = false;
    bool expanded = false;
    QString glyph;
    QString marker; ///< of a list item
    QString title;
    QString text;
    QString detail;        ///< shown at the right: time, tokens, size, verdict
    QString matched;       ///< of a decision: where it was found, with a little around it
    QList<int> marks;      ///< start and length, in turn, of what was found in matched
    QString received;      ///< of a decision: what the agent reads instead, or would
    QString receivedLabel; ///< who reads that
    std::string toolId;    ///< of the last row of a tool call and the first one of its result

    bool operator==(const ConversationRow&) const = default;
};

} // namespace luthien::desktop
