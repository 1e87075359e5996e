// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/schema_fields.h"

#include "desktop/models/visible_text.h"

#include <QCoreApplication>
#include <QLocale>
#include <QRegularExpression>

#include <boost/json.hpp>

#include <algorithm>

namespace luthien::desktop {

using namespace Qt::StringLiterals;
namespace json = boost::json;

namespace {
// Schemas are ours, values are not: neither may nest without end.
constexpr int kMaxDepth = 8;

QString tr(const char* text)
{
    return QCoreApplication::translate("SchemaForm", text);
}

QString toText(std::string_view utf8)
{
    return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}

const json::value* member(const json::value& object, std::string_view name)
{
    const json::object* members = object.if_object();
    return members == nullptr ? nullptr : members->if_contains(name);
}

std::string_view word(const json::value& schema, std::string_view name)
{
    const json::value* found = member(schema, name);
    return found != nullptr && found->is_string() ? std::string_view(found->get_string()) : std::string_view();
}

std::optional<double> number(const json::value& schema, std::string_view name)
{
    const json::value* found = member(schema, name);
    return found != nullptr && found->is_number() ? std::optional(found->to_number<double>()) : std::nullopt;
}

/// The schema, or the one it points to.
const json::value& resolved(const json::value& root, const json::value* schema)
{
    const std::string_view reference = word(*schema, "$ref");
    if (!reference.starts_with("#/"))
        return *schema;
    json::error_code failed;
    const json::value* target = root.find_pointer(reference.substr(1), failed);
    return target == nullptr ? *schema : *target;
}

std::vector<std::string_view> enumWords(const json::value& schema)
{
    std::vector<std::string_view> words;
    const json::value* list = member(schema, "enum");
    if (list != nullptr && list->is_array())
        for (const json::value& each : list->get_array())
            if (each.is_string())
                words.push_back(each.get_string());
    return words;
}

FieldKind kindOf(const json::value& root, const json::value& schema)
{
    const std::string_view type = word(schema, "type");
    if (!enumWords(schema).empty())
        return FieldKind::Choice;
    if (type == "string") {
        const std::string_view format = word(schema, "format");
        return format == "javascript"  ? FieldKind::Script
               : format == "multiline" ? FieldKind::LongText
                                       : FieldKind::Text;
    }
    if (type == "integer" || type == "number")
        return FieldKind::Number;
    if (type == "boolean")
        return FieldKind::Check;
    if (type == "object")
        return FieldKind::Group;
    const json::value* items = member(schema, "items");
    if (type != "array" || items == nullptr)
        return FieldKind::Json;
    const json::value& item = resolved(root, items);
    if (!enumWords(item).empty())
        return FieldKind::Choices;
    return word(item, "type") == "string" ? FieldKind::Lines : FieldKind::List;
}

/// "first_seen" -> "First seen"
QString labelOf(const json::value& schema, std::string_view name)
{
    if (const std::string_view title = word(schema, "title"); !title.empty())
        return toText(title);
    QString label = toText(name).replace(u'_', u' ');
    if (!label.isEmpty())
        label[0] = label[0].toUpper();
    return label;
}

QString plain(const json::value& value)
{
    if (value.is_double()) // JSON's writer has its own spelling: 6E-1
        return QString::number(value.get_double(), 'g', QLocale::FloatingPointShortest);
    return value.is_string() ? toText(value.get_string()) : toText(json::serialize(value));
}

QString textProblem(const json::value& schema, const json::value& value, bool required)
{
    if (!value.is_string())
        return tr("This must be text.");
    const QString text = toText(value.get_string());
    if (text.isEmpty() && (required || number(schema, "minLength").value_or(0) > 0))
        return tr("This must not be empty.");
    if (const auto shortest = number(schema, "minLength"); shortest && static_cast<double>(text.size()) < *shortest)
        return tr("At least %1 characters.").arg(*shortest);
    if (const auto longest = number(schema, "maxLength"); longest && static_cast<double>(text.size()) > *longest)
        return tr("At most %1 characters.").arg(*longest);
    const std::string_view pattern = word(schema, "pattern");
    if (!pattern.empty() && !QRegularExpression(toText(pattern)).match(text).hasMatch())
        return tr("This does not have the expected form: %1").arg(toText(pattern));
    return {};
}

QString numberProblem(const json::value& schema, const json::value& value)
{
    const bool whole = word(schema, "type") == "integer";
    if (!value.is_number() || (whole && value.is_double()))
        return whole ? tr("This must be a whole number.") : tr("This must be a number.");
    const auto at = value.to_number<double>();
    if (const auto least = number(schema, "minimum"); least && at < *least)
        return tr("At least %1.").arg(*least);
    if (const auto most = number(schema, "maximum"); most && at > *most)
        return tr("At most %1.").arg(*most);
    return {};
}

QString listProblem(const json::value& schema, const json::value& value)
{
    if (!value.is_array())
        return tr("This must be a list.");
    const auto size = static_cast<double>(value.get_array().size());
    if (const auto least = number(schema, "minItems"); least && size < *least)
        return *least == 1 ? tr("At least one is needed.") : tr("At least %1 are needed.").arg(*least);
    if (const auto most = number(schema, "maxItems"); most && size > *most)
        return tr("At most %1 are possible.").arg(*most);
    return {};
}

/// Writes the lines of one form, from the outside in.
class FormWriter
{
public:
    explicit FormWriter(const json::value& root)
        : m_root(root)
    {
    }

    void members(const json::value& schema, const json::value& value, const SchemaField& parent);
    [[nodiscard]] std::vector<SchemaField> take() { return std::move(m_fields); }

private:
    /// value null = there is none.
    void field(const json::value& schema, const json::value* value, SchemaField line);
    void list(const json::value& schema, const json::value* value, SchemaField line);
    void fill(const json::value& schema, const json::value* value, SchemaField& line) const;
    void fillWords(const json::value& schema, const json::value* value, SchemaField& line) const;
    void fillLines(const json::value& schema, const json::value* value, SchemaField& line) const;

    const json::value& m_root;
    std::vector<SchemaField> m_fields;
};

std::string escaped(std::string_view name)
{
    std::string out;
    for (const char c : name)
        c == '~' ? out += "~0" : c == '/' ? out += "~1" : out += c;
    return out;
}

void FormWriter::members(const json::value& schema, const json::value& value, const SchemaField& parent)
{
    const json::value* properties = member(schema, "properties");
    if (properties == nullptr || !properties->is_object() || parent.depth > kMaxDepth)
        return;
    const json::value* required = member(schema, "required");
    for (const auto& [name, property] : properties->get_object()) {
        const json::value& own = resolved(m_root, &property);
        SchemaField line{.kind = kindOf(m_root, own), .depth = parent.depth, .label = labelOf(own, name)};
        line.pointer = parent.pointer + "/" + escaped(name);
        line.place = parent.place.empty() ? std::string(name) : parent.place + "." + std::string(name);
        line.help = toText(word(own, "description"));
        if (required != nullptr && required->is_array())
            line.required =
                std::ranges::any_of(required->get_array(), [&, key = std::string_view(name)](const auto& r) {
                    return r.is_string() && std::string_view(r.get_string()) == key;
                });
        field(own, member(value, name), std::move(line));
    }
}

void FormWriter::field(const json::value& schema, const json::value* value, SchemaField line)
{
    const json::value* usual = member(schema, "default");
    const bool isPart = line.kind == FieldKind::Group || line.kind == FieldKind::Entry ||
                        line.kind == FieldKind::List || line.removable;
    line.canReset = value != nullptr && !isPart && (usual != nullptr ? *value != *usual : !line.required);
    if (line.kind == FieldKind::List)
        return list(schema, value, std::move(line));
    fill(schema, value, line);
    const SchemaField& own = m_fields.emplace_back(std::move(line));
    if (own.kind == FieldKind::Group || own.kind == FieldKind::Entry) {
        static const json::value empty = json::object();
        SchemaField parent = own;
        ++parent.depth;
        members(schema, value == nullptr ? empty : *value, parent);
    }
}

void FormWriter::list(const json::value& schema, const json::value* value, SchemaField line)
{
    static const json::value empty = json::array();
    const json::value* usual = member(schema, "default");
    const json::value& shown = value != nullptr ? *value : usual != nullptr ? *usual : empty;
    line.canAdd = true;
    line.problem = value == nullptr && !line.required ? QString() : listProblem(schema, shown);
    const SchemaField head = m_fields.emplace_back(std::move(line));
    if (!shown.is_array())
        return;
    const json::value& items = resolved(m_root, &schema.at("items"));
    const FieldKind kind = kindOf(m_root, items);
    std::size_t index = 0;
    for (const json::value& item : shown.get_array()) {
        SchemaField entry{.kind = kind == FieldKind::Group ? FieldKind::Entry : kind, .depth = head.depth + 1};
        entry.pointer = head.pointer + "/" + std::to_string(index);
        entry.place = head.place + "[" + std::to_string(index) + "]";
        entry.label = tr("%1 %2").arg(labelOf(items, "item")).arg(++index);
        entry.required = true;
        entry.removable = true;
        field(items, &item, std::move(entry));
    }
}

void FormWriter::fill(const json::value& schema, const json::value* value, SchemaField& line) const
{
    const json::value* usual = member(schema, "default");
    const json::value* shown = value != nullptr ? value : usual;
    switch (line.kind) {
    case FieldKind::Text:
    case FieldKind::LongText:
    case FieldKind::Script:
        if (usual != nullptr)
            line.placeholder = plain(*usual);
        line.text = value != nullptr ? plain(*value) : QString();
        if (value != nullptr)
            line.problem = textProblem(schema, *value, line.required);
        break;
    case FieldKind::Number:
        line.text = shown != nullptr ? plain(*shown) : QString();
        if (value != nullptr)
            line.problem = numberProblem(schema, *value);
        break;
    case FieldKind::Check:
        line.checked = shown != nullptr && shown->is_bool() && shown->get_bool();
        if (value != nullptr && !value->is_bool())
            line.problem = tr("This must be true or false.");
        break;
    case FieldKind::Choice:
    case FieldKind::Choices:
        fillWords(schema, shown, line);
        break;
    case FieldKind::Lines:
        fillLines(schema, shown, line);
        break;
    case FieldKind::Json:
        line.text = shown != nullptr ? plain(*shown) : QString();
        if (value != nullptr && value->is_string())
            line.problem = tr("This is not valid JSON.");
        break;
    case FieldKind::Group:
    case FieldKind::Entry:
        if (value != nullptr && !value->is_object())
            line.problem = tr("This must be an object.");
        break;
    case FieldKind::List:
        break;
    }
    if (value == nullptr && usual == nullptr && line.required && line.kind != FieldKind::Group)
        line.problem = tr("This is needed.");
}

void FormWriter::fillWords(const json::value& schema, const json::value* value, SchemaField& line) const
{
    const bool isList = line.kind == FieldKind::Choices;
    for (const std::string_view known : enumWords(isList ? resolved(m_root, &schema.at("items")) : schema))
        line.words += toText(known);
    if (value == nullptr)
        return;
    if (!isList) {
        line.text = plain(*value);
        if (!line.words.contains(line.text))
            line.problem = tr("This must be one of: %1").arg(line.words.join(u", "_s));
        return;
    }
    line.problem = listProblem(schema, *value);
    if (!value->is_array())
        return;
    for (const json::value& each : value->get_array()) {
        line.selected += plain(each);
        if (!line.words.contains(line.selected.constLast()))
            line.problem = tr("%1 is none of: %2").arg(line.selected.constLast(), line.words.join(u", "_s));
    }
}

void FormWriter::fillLines(const json::value& schema, const json::value* value, SchemaField& line) const
{
    if (value == nullptr)
        return;
    line.problem = listProblem(schema, *value);
    if (!value->is_array())
        return;
    QStringList lines;
    for (const json::value& each : value->get_array()) {
        lines += plain(each);
        const QString wrong = textProblem(resolved(m_root, &schema.at("items")), each, true);
        if (!wrong.isEmpty() && line.problem.isEmpty())
            line.problem = tr("Line %1: %2").arg(lines.size()).arg(wrong);
    }
    line.text = lines.join(u'\n');
}
} // namespace

std::vector<SchemaField> fieldsOf(const json::value& schema, const json::value& value)
{
    FormWriter writer(schema);
    writer.members(resolved(schema, &schema), value, {});
    return writer.take();
}

std::string unescaped(std::string part)
{
    for (const auto& [code, character] : {std::pair{"~1", "/"}, std::pair{"~0", "~"}})
        for (auto found = part.find(code); found != std::string::npos; found = part.find(code, found + 1))
            part.replace(found, 2, character);
    return part;
}

const json::value* schemaAt(const json::value& schema, std::string_view pointer)
{
    const json::value* at = &resolved(schema, &schema);
    while (!pointer.empty() && at != nullptr) {
        pointer.remove_prefix(1);
        const std::string_view part = pointer.substr(0, pointer.find('/'));
        pointer.remove_prefix(part.size());
        const std::string name = unescaped(std::string(part));
        const json::value* items = member(*at, "items");
        const json::value* properties = member(*at, "properties");
        at = items != nullptr ? items : properties != nullptr ? member(*properties, name) : nullptr;
        if (at != nullptr)
            at = &resolved(schema, at);
    }
    return at;
}

json::value initialValue(const json::value& root, const json::value& schema)
{
    if (const json::value* usual = member(schema, "default"))
        return *usual;
    switch (kindOf(root, schema)) {
    case FieldKind::Choice:
        return json::string(enumWords(schema).front());
    case FieldKind::Text:
    case FieldKind::LongText:
    case FieldKind::Script:
    case FieldKind::Json:
        return json::string();
    case FieldKind::Number:
        return static_cast<std::int64_t>(number(schema, "minimum").value_or(0));
    case FieldKind::Check:
        return false;
    case FieldKind::List:
    case FieldKind::Lines:
    case FieldKind::Choices:
        return json::array();
    case FieldKind::Group:
    case FieldKind::Entry:
        break;
    }
    json::object made;
    const json::value* required = member(schema, "required");
    const json::value* properties = member(schema, "properties");
    if (required != nullptr && required->is_array() && properties != nullptr)
        for (const json::value& name : required->get_array())
            if (const json::value* own = name.is_string() ? member(*properties, name.get_string()) : nullptr)
                made[name.get_string()] = initialValue(root, resolved(root, own));
    return made;
}

} // namespace luthien::desktop
