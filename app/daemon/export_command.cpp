// SPDX-License-Identifier: Apache-2.0
#include "archive/html_export.h"
#include "archive/jsonl_export.h"
#include "archive/markdown_export.h"
#include "daemon/commands.h"
#include "daemon/filter_option.h"
#include "runtime/recorded_data.h"

#include <QFileInfo>
#include <QSaveFile>

#include <functional>

namespace luthien::daemon {

namespace {
Error wrongUse(std::string message)
{
    return {.code = ErrorCode::InvalidArgument, .message = std::move(message)};
}

Result<archive::ExportCounts> exportSessionJsonl(store::Reader& reader, std::string_view session,
                                                 const archive::Write& write)
{
    return archive::exportJsonl(reader, session, write);
}

using Export = std::function<Result<archive::ExportCounts>(store::Reader&, const archive::Write&)>;
using SessionWriter = Result<archive::ExportCounts> (*)(store::Reader&, std::string_view, const archive::Write&);

/// Null = there is no such format.
SessionWriter writerFor(std::string_view format)
{
    if (format == "jsonl")
        return &exportSessionJsonl;
    if (format == "html")
        return &archive::exportHtml;
    return format == "markdown" ? &archive::exportMarkdown : nullptr;
}

/// What is to be written: a session, or the calls a filter matches. Errors: InvalidArgument.
Result<Export> exportFor(const CommandLine& line)
{
    const std::string format = line.value("format").value_or("jsonl");
    const std::string session = line.value("session").value_or("");
    const SessionWriter write = writerFor(format);
    if (write == nullptr)
        return wrongUse("this version exports jsonl, markdown and html, not '" + format + "'");
    if (!line.has("filter"))
        return Export(
            [write, session](store::Reader& reader, const archive::Write& to) { return write(reader, session, to); });
    if (format != "jsonl")
        return wrongUse(format + " is of one session; --filter goes with --format jsonl");
    auto filter = filterOption(line);
    if (!filter)
        return filter.error();
    return Export([filter = *std::move(filter)](store::Reader& reader, const archive::Write& to) {
        archive::FilteredLists lists(reader, filter, SystemClock().now());
        return archive::exportJsonl(reader, lists, to);
    });
}

/// The file appears under its name only when it is whole.
Result<archive::ExportCounts> exportToFile(const Export& write, store::Reader& reader, const std::string& name)
{
    QSaveFile file(QString::fromStdString(name));
    const auto failure = [&file, &name] {
        return Error{.code = ErrorCode::Io, .message = file.errorString().toStdString(), .context = name};
    };
    if (!file.open(QIODevice::WriteOnly))
        return failure();
    auto counts = write(reader, [&](std::string_view bytes) -> Result<void> {
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
    const auto output = context.line.value("output");
    if (session.has_value() == context.line.has("filter") || !output)
        return wrongUse("export needs --session ID or --filter FILTER, and --output FILE (- for standard output)");
    if (*output != "-" && !context.line.has("force") && QFileInfo::exists(QString::fromStdString(*output)))
        return Error{
            .code = ErrorCode::Conflict, .message = "is there already; --force writes over it", .context = *output};
    const auto write = exportFor(context.line);
    if (!write)
        return write.error();
    auto data = openRecorded(context);
    if (!data)
        return data.error();
    if (*output == "-") {
        const auto counts = (*write)(data->reader(), printOut);
        return counts ? CommandResult(Done) : counts.error();
    }
    const auto counts = exportToFile(*write, data->reader(), *output);
    if (!counts)
        return counts.error();
    std::string written = std::to_string(counts->calls) + (counts->calls == 1 ? " call" : " calls");
    if (counts->events > 0)
        written += " and " + std::to_string(counts->events) + (counts->events == 1 ? " event" : " events");
    std::fprintf(stderr, "luthiend: %s written to %s\n", written.c_str(), output->c_str());
    return Done;
}

} // namespace luthien::daemon
