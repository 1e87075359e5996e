// SPDX-License-Identifier: Apache-2.0
#include "desktop/options.h"

#include <QCommandLineParser>

namespace luthien::desktop {

using namespace Qt::StringLiterals;

Result<Options> parseOptions(const QStringList& arguments)
{
    QCommandLineParser parser;
    parser.addOptions({{u"data-dir"_s, {}, u"DIRECTORY"_s},
                       {u"config"_s, {}, u"FILE"_s},
                       {u"listen"_s, {}, u"HOST:PORT"_s},
                       {u"self-test"_s, {}},
                       {{u"h"_s, u"help"_s}, {}},
                       {{u"v"_s, u"version"_s}, {}}});
    const auto wrong = [](const QString& message) {
        return Error{.code = ErrorCode::InvalidArgument,
                     .message = message.toStdString() + " Try: luthien --help",
                     .context = "command line"};
    };
    // The parser takes the first argument for the program's name.
    if (!parser.parse(QStringList{u"luthien"_s} + arguments))
        return wrong(parser.errorText());
    if (!parser.positionalArguments().isEmpty())
        return wrong(u"Unexpected argument '%1'."_s.arg(parser.positionalArguments().constFirst()));
    Options options{.dataDirectory = parser.value(u"data-dir"_s),
                    .configFile = parser.value(u"config"_s),
                    .listen = parser.value(u"listen"_s)};
    if (parser.isSet(u"help"_s))
        options.action = Options::Action::ShowHelp;
    else if (parser.isSet(u"version"_s))
        options.action = Options::Action::ShowVersion;
    else if (parser.isSet(u"self-test"_s))
        options.action = Options::Action::SelfTest;
    return options;
}

QString usageText()
{
    return u"Usage: luthien [--data-dir DIRECTORY] [--config FILE] [--listen HOST:PORT] [--self-test]\n"
           "\n"
           "Shows what agents say to language models, live, and records it.\n"
           "\n"
           "  --data-dir DIRECTORY  where everything is kept (default: $XDG_DATA_HOME/luthien)\n"
           "  --config FILE         configuration (default: $XDG_CONFIG_HOME/luthien/config.yaml)\n"
           "  --listen HOST:PORT    where agents connect (default: 127.0.0.1:4000; port 0 = any)\n"
           "  --self-test           load every page without a screen and exit\n"
           "  --help, --version\n"_s;
}

} // namespace luthien::desktop
