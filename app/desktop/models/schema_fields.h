// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>
#include <QStringList>

#include <boost/json/value.hpp>

#include <string>
#include <vector>

namespace luthien::desktop {

/// How a value of a JSON document is edited.
enum class FieldKind {
    Text,
    LongText, ///< of several lines: instructions
    Number,
    Check,
    Choice,
    Choices, ///< a list of words out of a fixed set
    Lines,   ///< a list of texts, one a line
    Group,   ///< an object: a heading over its members
    List,    ///< a list: a heading with a way to add to it
    Entry,   ///< one object of a list: a heading with a way to remove it
    Json,    ///< anything else, as it is written
    Script,  ///< JavaScript
};

/// One line of a form.
struct SchemaField
{
    FieldKind kind = FieldKind::Text;
    std::string pointer; ///< RFC 6901, of the value
    std::string place;   ///< the same as an error names it: "rules[2].do"
    int depth = 0;
    QString label;
    QString help;
    QString text;         ///< of a Text, LongText, Number, Lines or Json; the chosen word of a Choice
    QString placeholder;  ///< what counts while there is none
    QStringList words;    ///< of a Choice or Choices
    QStringList selected; ///< of Choices
    bool checked = false;
    bool required = false;
    bool removable = false; ///< an entry of a list
    bool canAdd = false;
    bool canReset = false; ///< it is another value than the usual one
    QString problem;       ///< why the value will not do; empty = it will

    bool operator==(const SchemaField&) const = default;
};

/// The lines of the form that a JSON schema (2020-12, the part of it our policies use) draws for a value. What the
/// schema does not describe is not shown; a value that it does not allow is shown with the reason.
[[nodiscard]] std::vector<SchemaField> fieldsOf(const boost::json::value& schema, const boost::json::value& value);

/// The schema of the value at a pointer; null if there is none.
[[nodiscard]] const boost::json::value* schemaAt(const boost::json::value& schema, std::string_view pointer);

/// One part of a pointer as the name it stands for: "~1" is "/".
[[nodiscard]] std::string unescaped(std::string part);

/// What a new value of a schema begins as: its default, its members' defaults, its first word, or empty.
[[nodiscard]] boost::json::value initialValue(const boost::json::value& root, const boost::json::value& schema);

} // namespace luthien::desktop
