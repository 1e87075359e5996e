// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/schema_form.h"

#include "desktop/models/call_texts.h"

#include <boost/json.hpp>

#include <algorithm>

namespace luthien::desktop {

namespace json = boost::json;

namespace {
Result<json::value> parsed(std::string_view text, const char* what)
{
    json::error_code failed;
    json::value value = json::parse(text, failed);
    if (failed || !value.is_object())
        return Error{.code = ErrorCode::InvalidInput, .message = "this is not a JSON object", .context = what};
    return value;
}

/// What was typed as a value of its kind; as text if it is none, which the schema then tells.
json::value typed(FieldKind kind, const QString& text)
{
    if (kind == FieldKind::Lines) {
        json::array lines;
        for (const QString& line : text.split(u'\n'))
            if (const QString word = line.trimmed(); !word.isEmpty())
                lines.emplace_back(word.toStdString());
        return lines;
    }
    const std::string utf8 = text.toStdString();
    if (kind != FieldKind::Number && kind != FieldKind::Json)
        return json::string(utf8);
    json::error_code failed;
    json::value value = json::parse(utf8, failed);
    const bool fits = !failed && (kind == FieldKind::Json || value.is_number());
    return fits ? value : json::value(json::string(utf8));
}

std::pair<std::string, std::string> parentAndName(const std::string& pointer)
{
    const auto slash = pointer.rfind('/');
    return {pointer.substr(0, slash), unescaped(pointer.substr(slash + 1))};
}
} // namespace

Result<void> SchemaForm::load(std::string_view schema, std::string_view object)
{
    auto rules = parsed(schema, "schema");
    if (!rules)
        return rules.error();
    auto value = parsed(object, "config");
    if (!value)
        return value.error();
    beginResetModel();
    m_schema = *std::move(rules);
    m_object = *std::move(value);
    m_fields = fieldsOf(m_schema, m_object);
    endResetModel();
    Q_EMIT edited();
    return {};
}

std::string SchemaForm::initialObject(std::string_view schema)
{
    const auto rules = parsed(schema, "schema");
    const json::value object = rules ? initialValue(*rules, *rules) : json::value();
    return object.is_object() ? json::serialize(object) : "{}";
}

std::string SchemaForm::object() const
{
    return json::serialize(m_object);
}

bool SchemaForm::isValid() const
{
    return std::all_of(m_fields.begin(), m_fields.end(),
                       [](const SchemaField& field) { return field.problem.isEmpty(); });
}

bool SchemaForm::setProblem(std::string_view place, const QString& reason)
{
    // "rules[2].pattern[0]" may name more than there is a line for: the line around it then says so.
    for (; !place.empty();
         place = place.substr(0, place.find_last_of(".[") == place.npos ? 0 : place.find_last_of(".["))) {
        for (std::size_t i = 0; i < m_fields.size(); ++i) {
            if (m_fields[i].place != place)
                continue;
            m_fields[i].problem = reason;
            const QModelIndex at = index(static_cast<int>(i));
            Q_EMIT dataChanged(at, at, {ProblemRole});
            return true;
        }
    }
    return false;
}

void SchemaForm::setText(int row, const QString& text)
{
    if (!has(row) || m_fields[static_cast<std::size_t>(row)].text == text)
        return;
    const SchemaField& field = m_fields[static_cast<std::size_t>(row)];
    if (text.isEmpty() && !field.required && field.kind != FieldKind::Lines)
        return erase(row);
    set(row, typed(field.kind, text));
}

void SchemaForm::setChecked(int row, bool checked)
{
    if (has(row))
        set(row, checked);
}

void SchemaForm::toggleWord(int row, const QString& word)
{
    if (!has(row))
        return;
    const SchemaField& field = m_fields[static_cast<std::size_t>(row)];
    json::array words;
    // In the order of the schema, whatever was clicked first.
    for (const QString& each : field.words)
        if (field.selected.contains(each) != (each == word))
            words.emplace_back(each.toStdString());
    set(row, std::move(words));
}

void SchemaForm::addEntry(int row)
{
    if (!has(row))
        return;
    const SchemaField& list = m_fields[static_cast<std::size_t>(row)];
    const json::value* schema = schemaAt(m_schema, list.pointer);
    const json::value* items = schema == nullptr ? nullptr : schemaAt(m_schema, list.pointer + "/0");
    if (items == nullptr)
        return;
    json::error_code failed;
    const json::value* now = m_object.find_pointer(list.pointer, failed);
    const json::value begun = now != nullptr ? *now : initialValue(m_schema, *schema);
    json::array entries = begun.is_array() ? begun.get_array() : json::array();
    entries.push_back(initialValue(m_schema, *items));
    set(row, std::move(entries));
}

void SchemaForm::removeEntry(int row)
{
    if (has(row) && m_fields[static_cast<std::size_t>(row)].removable)
        erase(row);
}

void SchemaForm::reset(int row)
{
    if (!has(row) || !m_fields[static_cast<std::size_t>(row)].canReset)
        return;
    const SchemaField& field = m_fields[static_cast<std::size_t>(row)];
    const json::value* schema = schemaAt(m_schema, field.pointer);
    if (field.required && schema != nullptr)
        set(row, initialValue(m_schema, *schema));
    else
        erase(row);
}

void SchemaForm::set(int row, json::value value)
{
    writeOut(m_fields[static_cast<std::size_t>(row)]);
    put(m_fields[static_cast<std::size_t>(row)].pointer, std::move(value));
    refresh();
}

void SchemaForm::writeOut(const SchemaField& field)
{
    json::error_code failed;
    const std::string list = parentAndName(field.pointer).first;
    const json::value* schema = schemaAt(m_schema, list);
    if (field.removable && schema != nullptr && m_object.find_pointer(list, failed) == nullptr)
        put(list, initialValue(m_schema, *schema));
}

void SchemaForm::put(const std::string& pointer, json::value value)
{
    const auto [parent, name] = parentAndName(pointer);
    json::error_code failed;
    json::value* around = m_object.find_pointer(parent, failed);
    if (around == nullptr && !parent.empty()) { // an object that was not written so far
        put(parent, json::object());
        around = m_object.find_pointer(parent, failed);
    }
    if (around != nullptr && around->is_object())
        around->get_object()[name] = std::move(value);
    else if (around != nullptr && around->is_array())
        around->get_array().at(std::stoul(name)) = std::move(value);
}

void SchemaForm::erase(int row)
{
    writeOut(m_fields[static_cast<std::size_t>(row)]);
    const auto [parent, name] = parentAndName(m_fields[static_cast<std::size_t>(row)].pointer);
    json::error_code failed;
    json::value* around = m_object.find_pointer(parent, failed);
    if (around != nullptr && around->is_object()) {
        around->get_object().erase(name);
    } else if (around != nullptr && around->is_array()) {
        json::array& entries = around->get_array();
        if (const auto index = static_cast<std::size_t>(std::stoul(name)); index < entries.size())
            entries.erase(entries.begin() + static_cast<std::ptrdiff_t>(index));
    }
    refresh();
}

void SchemaForm::refresh()
{
    std::vector<SchemaField> fresh = fieldsOf(m_schema, m_object);
    // What a person is typing into must stay the same row: only lines that come or go are inserted or removed.
    const auto sameLine = [](const SchemaField& a, const SchemaField& b) {
        return a.kind == b.kind && a.pointer == b.pointer;
    };
    std::size_t same = 0;
    const std::size_t common = std::min(fresh.size(), m_fields.size());
    while (same < common && sameLine(fresh[same], m_fields[same]))
        ++same;
    const auto first = static_cast<std::ptrdiff_t>(same);
    if (fresh.size() > m_fields.size()) {
        const std::size_t added = fresh.size() - m_fields.size();
        beginInsertRows({}, static_cast<int>(same), static_cast<int>(same + added) - 1);
        m_fields.insert(m_fields.begin() + first, fresh.begin() + first,
                        fresh.begin() + first + static_cast<std::ptrdiff_t>(added));
        endInsertRows();
    } else if (fresh.size() < m_fields.size()) {
        const std::size_t removed = m_fields.size() - fresh.size();
        beginRemoveRows({}, static_cast<int>(same), static_cast<int>(same + removed) - 1);
        m_fields.erase(m_fields.begin() + first, m_fields.begin() + first + static_cast<std::ptrdiff_t>(removed));
        endRemoveRows();
    }
    const auto sameKind = [](const SchemaField& a, const SchemaField& b) { return a.kind == b.kind; };
    if (!std::equal(fresh.begin(), fresh.end(), m_fields.begin(), sameKind)) {
        // Lists inside of lists moved against each other: a line cannot become one of another kind.
        beginResetModel();
        m_fields = std::move(fresh);
        endResetModel();
        return Q_EMIT edited();
    }
    for (std::size_t i = 0; i < fresh.size(); ++i) {
        if (m_fields[i] == fresh[i])
            continue;
        m_fields[i] = std::move(fresh[i]);
        const QModelIndex at = index(static_cast<int>(i));
        Q_EMIT dataChanged(at, at);
    }
    Q_EMIT edited();
}

int SchemaForm::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_fields.size());
}

QVariant SchemaForm::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || !has(index.row()))
        return {};
    const SchemaField& field = m_fields[static_cast<std::size_t>(index.row())];
    switch (static_cast<Role>(role)) {
    case KindRole:
        return static_cast<int>(field.kind);
    case DepthRole:
        return field.depth;
    case LabelRole:
        return field.label;
    case HelpRole:
        return field.help;
    case TextRole:
        return field.text;
    case PlaceholderRole:
        return field.placeholder;
    case WordsRole:
        return field.words;
    case SelectedRole:
        return field.selected;
    case CheckedRole:
        return field.checked;
    case RequiredRole:
        return field.required;
    case RemovableRole:
        return field.removable;
    case CanAddRole:
        return field.canAdd;
    case ProblemRole:
        return field.problem;
    case CanResetRole:
        return field.canReset;
    }
    return {};
}

QHash<int, QByteArray> SchemaForm::roleNames() const
{
    return {{KindRole, "kind"},         {DepthRole, "level"},         {LabelRole, "title"},
            {HelpRole, "explanation"},  {TextRole, "value"},          {PlaceholderRole, "placeholder"},
            {WordsRole, "words"},       {SelectedRole, "selected"},   {CheckedRole, "checked"},
            {RequiredRole, "isNeeded"}, {RemovableRole, "removable"}, {CanAddRole, "canAdd"},
            {ProblemRole, "reason"},    {CanResetRole, "canReset"}};
}

} // namespace luthien::desktop
