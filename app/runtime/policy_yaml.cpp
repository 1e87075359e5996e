// SPDX-License-Identifier: Apache-2.0
#include "runtime/policy_yaml.h"

#include <boost/json.hpp>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <system_error>

namespace luthien::runtime {

namespace {
namespace json = boost::json;

constexpr int kMaxDepth = 32;
constexpr int kMaxNodes = 20'000; ///< aliases can make few lines many

json::value numberOrText(const std::string& text)
{
    const char* const end = text.data() + text.size();
    std::int64_t whole = 0;
    if (const auto [rest, failure] = std::from_chars(text.data(), end, whole); failure == std::errc() && rest == end)
        return whole;
    double real = 0;
    const bool isNumeric = text.find_first_not_of("0123456789+-.eE") == std::string::npos;
    if (const auto [rest, failure] = std::from_chars(text.data(), end, real);
        isNumeric && failure == std::errc() && rest == end && std::isfinite(real))
        return real;
    return json::value(text);
}

/// Turns YAML into the JSON it stands for. Source: the core schema of YAML 1.2, so that `no`, `on` and dates are texts.
class JsonMaker
{
public:
    Result<json::value> make(const YAML::Node& node, int depth = 0)
    {
        if (depth > kMaxDepth || ++m_nodes > kMaxNodes)
            return Error{.code = ErrorCode::InvalidInput, .message = "is nested too deep or has too many parts"};
        if (node.IsMap())
            return makeObject(node, depth);
        if (node.IsSequence())
            return makeArray(node, depth);
        if (node.IsScalar())
            return scalar(node);
        return json::value(nullptr);
    }

private:
    static json::value scalar(const YAML::Node& node)
    {
        const std::string& text = node.Scalar();
        if (node.Tag() == "!") // it was quoted
            return json::value(text);
        if (text == "true" || text == "false")
            return text == "true";
        if (text == "null" || text == "~")
            return nullptr;
        return numberOrText(text);
    }

    Result<json::value> makeObject(const YAML::Node& node, int depth)
    {
        json::object object;
        for (const auto& entry : node) {
            auto value = make(entry.second, depth + 1);
            if (!value)
                return value;
            if (!entry.first.IsScalar() || object.contains(entry.first.Scalar()))
                return Error{.code = ErrorCode::InvalidInput,
                             .message = entry.first.IsScalar() ? "'" + entry.first.Scalar() + "' is set twice"
                                                               : "a setting's name is plain text"};
            object[entry.first.Scalar()] = *std::move(value);
        }
        return json::value(std::move(object));
    }

    Result<json::value> makeArray(const YAML::Node& node, int depth)
    {
        json::array array;
        for (const auto& item : node) {
            auto value = make(item, depth + 1);
            if (!value)
                return value;
            array.push_back(*std::move(value));
        }
        return json::value(std::move(array));
    }

    int m_nodes = 0;
};
} // namespace

Result<policy::Definition> definitionFromYaml(const YAML::Node& item)
{
    json::object object;
    for (const auto& entry : item) {
        const std::string& key = entry.first.Scalar();
        // Only the settings of a type have types of their own; `id: 7` and `mode: off` are texts.
        auto value = entry.second.IsScalar() ? Result<json::value>(json::value(entry.second.Scalar()))
                                             : JsonMaker().make(entry.second);
        if (!value)
            return Error{.code = ErrorCode::InvalidInput, .message = value.error().message, .context = key};
        object[key] = *std::move(value);
    }
    if (!object.contains("mode"))
        object["mode"] = "enforce";
    return policy::definitionFromJson(json::serialize(object));
}

namespace {
constexpr std::uintmax_t kMaxFileBytes = 4UL * 1024 * 1024;

Result<std::string> readText(const std::filesystem::path& file)
{
    std::error_code failure;
    const auto size = std::filesystem::file_size(file, failure);
    if (failure)
        return Error{.code = failure == std::errc::no_such_file_or_directory ? ErrorCode::NotFound : ErrorCode::Io,
                     .message = failure.message(),
                     .context = file.string()};
    if (size > kMaxFileBytes)
        return Error{.code = ErrorCode::TooLarge, .message = "is larger than 4 MiB", .context = file.string()};
    std::ifstream stream(file, std::ios::binary);
    std::string text(size, '\0');
    if (!stream.read(text.data(), static_cast<std::streamsize>(size)))
        return Error{.code = ErrorCode::Io, .message = "cannot be read", .context = file.string()};
    return text;
}

std::string lineOf(const std::filesystem::path& file, const YAML::Mark& mark)
{
    return file.string() + (mark.is_null() ? "" : ':' + std::to_string(mark.line + 1));
}

/// The list below `policies`, or what the file has in its place.
YAML::Node policiesOf(const YAML::Node& root)
{
    return root.IsMap() && root["policies"] ? root["policies"] : root;
}

/// What "rules[2].do" names, as far as it is there.
YAML::Node nodeAt(YAML::Node node, std::string_view field)
{
    while (!field.empty()) {
        const std::size_t begin = field.find_first_not_of(".[]");
        if (begin == std::string_view::npos)
            break;
        field.remove_prefix(begin);
        const std::string step(field.substr(0, field.find_first_of(".[]")));
        field.remove_prefix(step.size());
        std::size_t index = 0;
        const bool isIndex = std::from_chars(step.data(), step.data() + step.size(), index).ec == std::errc();
        const YAML::Node& parent = node;
        const YAML::Node next = node.IsMap()                   ? parent[step]
                                : node.IsSequence() && isIndex ? parent[index]
                                                               : YAML::Node(YAML::NodeType::Undefined);
        if (!next.IsDefined())
            break;
        node.reset(next);
    }
    return node;
}

Result<WrittenPolicy> writtenPolicy(const YAML::Node& item, const std::filesystem::path& file)
{
    const auto wrong = [&](std::string message, const YAML::Node& at) {
        return Error{
            .code = ErrorCode::InvalidInput, .message = std::move(message), .context = lineOf(file, at.Mark())};
    };
    if (!item.IsMap())
        return wrong("a policy is a list of settings", item);
    auto definition = definitionFromYaml(item);
    if (!definition) {
        const Error& error = definition.error();
        return wrong((error.context.empty() ? "" : error.context + ": ") + error.message, nodeAt(item, error.context));
    }
    return WrittenPolicy{.definition = *std::move(definition), .namesMode = item["mode"].IsDefined()};
}

Result<std::vector<WrittenPolicy>> writtenPolicies(const YAML::Node& root, const std::filesystem::path& file)
{
    if (!root.IsDefined() || root.IsNull())
        return Error{.code = ErrorCode::InvalidInput, .message = "names no policy", .context = file.string()};
    const YAML::Node list = policiesOf(root);
    std::vector<WrittenPolicy> policies;
    const auto take = [&](const YAML::Node& item) -> Result<void> {
        auto policy = writtenPolicy(item, file);
        if (!policy)
            return policy.error();
        policies.push_back(*std::move(policy));
        return {};
    };
    if (!list.IsSequence()) {
        auto taken = take(list);
        return taken ? Result<std::vector<WrittenPolicy>>(std::move(policies)) : taken.error();
    }
    for (const YAML::Node& item : list) {
        if (auto taken = take(item); !taken)
            return taken.error();
    }
    return policies;
}
} // namespace

Result<std::vector<WrittenPolicy>> readWrittenPolicies(const std::filesystem::path& file)
{
    const auto text = readText(file);
    return text ? writtenPoliciesFrom(*text, file) : text.error();
}

Result<std::vector<WrittenPolicy>> writtenPoliciesFrom(const std::string& text, const std::filesystem::path& file)
{
    try {
        return writtenPolicies(YAML::Load(text), file);
    } catch (const YAML::Exception& exception) {
        return Error{.code = ErrorCode::InvalidInput,
                     .message = "this is not valid YAML: " + exception.msg,
                     .context = lineOf(file, exception.mark)};
    }
}

namespace {
/// Lines as they are, where YAML gives the same text back.
bool isLiteral(std::string_view text)
{
    return text.find('\n') < text.size() - 1 && text.ends_with('\n') && !text.ends_with("\n\n") &&
           !text.starts_with(' ') && !text.starts_with('\n') &&
           std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < ' ' && c != '\n'; });
}

void writeYaml(YAML::Emitter& out, const json::value& value)
{
    if (const json::object* const object = value.if_object()) {
        out << YAML::BeginMap;
        for (const auto& [name, member] : *object) {
            out << YAML::Key << std::string(name) << YAML::Value;
            writeYaml(out, member);
        }
        out << YAML::EndMap;
    } else if (const json::array* const array = value.if_array()) {
        out << YAML::BeginSeq;
        for (const json::value& item : *array)
            writeYaml(out, item);
        out << YAML::EndSeq;
    } else if (const json::string* const text = value.if_string()) {
        const std::string plain(*text);
        out << (isLiteral(plain) ? YAML::Literal : YAML::DoubleQuoted) << plain;
    } else if (value.is_null()) {
        out << YAML::Null; // the word itself would be put in quotes
    } else {
        out << json::serialize(value);
    }
}

/// In the order in which people write one.
void writeYaml(YAML::Emitter& out, const policy::Definition& definition)
{
    json::object rest = json::parse(policy::toJson(definition)).as_object();
    out << YAML::BeginMap;
    for (const char* const name : {"id", "type", "name", "mode"}) {
        const json::string word = rest.at(name).as_string();
        rest.erase(name);
        if (word.empty())
            continue;
        out << YAML::Key << name << YAML::Value;
        if (std::string_view(name) == "name")
            out << YAML::DoubleQuoted;
        out << std::string(word);
    }
    const json::value config = rest.at("config");
    rest.erase("config");
    for (const auto& [name, member] : rest) {
        out << YAML::Key << std::string(name) << YAML::Value;
        writeYaml(out, member);
    }
    out << YAML::Key << "config" << YAML::Value;
    writeYaml(out, config);
    out << YAML::EndMap;
}
} // namespace

std::string toYaml(const std::vector<policy::Definition>& definitions)
{
    YAML::Emitter out;
    out << YAML::BeginMap << YAML::Key << "policies" << YAML::Value << YAML::BeginSeq;
    for (const policy::Definition& definition : definitions)
        writeYaml(out, definition);
    out << YAML::EndSeq << YAML::EndMap;
    return std::string(out.c_str()) + '\n';
}

Result<std::vector<policy::Definition>> readPolicyFile(const std::filesystem::path& file)
{
    auto written = readWrittenPolicies(file);
    if (!written)
        return written.error();
    std::vector<policy::Definition> definitions;
    for (WrittenPolicy& policy : *written)
        definitions.push_back(std::move(policy.definition));
    return definitions;
}

std::string placeOfField(const std::filesystem::path& file, std::string_view field)
{
    constexpr std::string_view kBegin = "policies[";
    const std::size_t end = field.find(']');
    const auto text = readText(file);
    if (!text || !field.starts_with(kBegin) || end == std::string_view::npos)
        return {};
    const std::string id(field.substr(kBegin.size(), end - kBegin.size()));
    try {
        const YAML::Node list = policiesOf(YAML::Load(*text));
        const auto hasId = [&id](const YAML::Node& item) {
            return item.IsMap() && item["id"].IsDefined() && item["id"].IsScalar() && item["id"].Scalar() == id;
        };
        if (hasId(list))
            return lineOf(file, nodeAt(list, field.substr(end + 1)).Mark());
        for (std::size_t i = 0; list.IsSequence() && i < list.size(); ++i) {
            if (const YAML::Node item = list[i]; hasId(item))
                return lineOf(file, nodeAt(item, field.substr(end + 1)).Mark());
        }
    } catch (const YAML::Exception&) {
        return {}; // it was read before and is another now
    }
    return {};
}

} // namespace luthien::runtime
