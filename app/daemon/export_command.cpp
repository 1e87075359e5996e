// SPDX-License-Identifier: Apache-2.0
#include "archive/html_export.h"
#include "archive/jsonl_export.h"
#include "daemon/commands.h"
#include "runtime/recorded_data.h"

#include <QFileInfo>
#include <QSaveFile>

namespace luthien::daemon {

namespace {
Error wrongUse(std::string message)
{
    return {.code = ErrorCode::InvalidArgument, .message = std::move(message)};
}

using Export = Result<archive::ExportCounts> (*)(store::Reader&, std::string_view session, const archive::Write&);

/// Null for a format there is not.
Export exportFor(const std::string& format)
{
    if (format == "jsonl")
        return &archive::exportJsonl;
    return format == "html" ? &archive::exportHtml : nullptr;
}

/// The file appears under its name only when it is whole.
Result<archive::ExportCounts> exportToFile(Export write, store::Reader& reader, const std::string& session,
                                           const std::string& name)
{
    QSaveFile file(QString::fromStdString(name));
    const auto failure = [&file, &name] {
        return Error{.code = ErrorCode::Io, .message = file.errorString().toStdString(), .context = name};
    };
    if (!file.open(QIODevice::WriteOnly))
        return failure();
    auto counts = write(reader, session, [&](std::string_view bytes) -> Result<void> {
        const auto size = static_cast<qint64>(bytes.size());
        return file.write(bytes.data(), size) == size ? Result<void>() : failure();
    });
    if (!counts)
        return counts;
    if (!file.commit())
        return failure();
    return counts;
}
} // namespace

CommandResult exportSession(const CommandContext& context)
{
    const auto session = context.line.value("session");
    const auto format = context.line.value("format");
    const auto output = context.line.value("output");
    if (!session || !output)
        return wrongUse("export needs --session ID and --output FILE (- for standard output)");
    if (*output != "-" && !context.line.has("force") && QFileInfo::exists(QString::fromStdString(*output)))
        return Error{
            .code = ErrorCode::Conflict, .message = "is there already; --force writes over it", .context = *output};
    const Export write = exportFor(format.value_or("jsonl"));
    if (write == nullptr)
        return wrongUse("this version exports jsonl and html, not '" + *format + "'");
    auto data = runtime::RecordedData::open(context.paths);
    if (!data)
        return data.error();
    if (*output == "-") {
        const auto counts = write(data->reader(), *session, printOut);
        return counts ? CommandResult(Done) : counts.error();
    }
    const auto counts = exportToFile(write, data->reader(), *session, *output);
    if (!counts)
        return counts.error();
    std::string written = std::to_string(counts->calls) + (counts->calls == 1 ? " call" : " calls");
    if (counts->events > 0)
        written += " and " + std::to_string(counts->events) + (counts->events == 1 ? " event" : " events");
    std::fprintf(stderr, "luthiend: %s written to %s\n", written.c_str(), output->c_str());
    return Done;
}

} // namespace luthien::daemon
