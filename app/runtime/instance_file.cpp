// SPDX-License-Identifier: Apache-2.0
#include "runtime/instance_file.h"

#include "base/private_file.h"
#include "runtime/data_directory.h"

#include <boost/json.hpp>

namespace luthien::runtime {

namespace {
namespace json = boost::json;

std::optional<std::string> textMember(const json::object& object, const char* name)
{
    const json::value* value = object.if_contains(name);
    if (value == nullptr || !value->is_string())
        return std::nullopt;
    return std::string(value->get_string().c_str());
}
} // namespace

Result<void> writeInstance(const Paths& paths, const Instance& instance)
{
    if (auto made = makePrivateDirectory(paths.instanceFile().parent_path()); !made)
        return made;
    json::object object{{"pid", instance.processId}, {"proxy", instance.proxy}, {"control", nullptr}};
    if (instance.control)
        object["control"] = *instance.control;
    object["token_required"] = instance.tokenRequired;
    object["database"] = instance.database;
    return writePrivateFile(paths.instanceFile(), json::serialize(object) + '\n');
}

Result<Instance> readInstance(const Paths& paths)
{
    const auto text = readPrivateFile(paths.instanceFile());
    if (!text)
        return text.error();
    json::error_code failure;
    const json::value parsed = json::parse(*text, failure);
    const Error invalid{.code = ErrorCode::InvalidInput,
                        .message = "is not what a running instance writes",
                        .context = paths.instanceFile().string()};
    if (failure || !parsed.is_object())
        return invalid;
    const json::object& object = parsed.get_object();
    const auto proxy = textMember(object, "proxy");
    const json::value* processId = object.if_contains("pid");
    const json::value* tokenRequired = object.if_contains("token_required");
    if (!proxy || processId == nullptr || !processId->is_int64())
        return invalid;
    return Instance{.processId = processId->get_int64(),
                    .proxy = *proxy,
                    .control = textMember(object, "control"),
                    .tokenRequired = tokenRequired != nullptr && tokenRequired->is_bool() && tokenRequired->get_bool(),
                    .database = textMember(object, "database").value_or(std::string())};
}

void removeInstance(const Paths& paths)
{
    std::error_code ignored; // a file that stays is taken for stale by whoever finds the lock free
    std::filesystem::remove(paths.instanceFile(), ignored);
}

Result<Instance> runningInstance(const Paths& paths)
{
    if (!DataDirectoryLock::isHeld(paths))
        return Error{.code = ErrorCode::NotFound,
                     .message = "no instance is running here; start one with luthiend serve",
                     .context = paths.dataDirectory.string()};
    return readInstance(paths);
}

} // namespace luthien::runtime
