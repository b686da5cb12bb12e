"""What grading does with packages, magics and installers that a student's own notebook has and grading has not.

`install` prepares a kernel: a sandboxed one and, where submissions are trusted, an ordinary one. Then an import at the
top of a cell whose module is not there does not end the cell: its names become stand-ins, which raise where they are
used. An import within `try`, in a function or by `importlib` fails as ever, so code that asks what is there is
answered truly.
"""

from __future__ import annotations

import ast
import builtins
import re
import sys

from IPython.core.error import UsageError

_HELPER = "__not_there__"  # a name of builtins: the cell's own names stay as they are
_INSTALLERS = ("pip", "pip3", "conda", "mamba", "micromamba", "uv", "apt", "apt-get")
_INSTALLS = re.compile(rf"\s*(?:sudo\s+)?(?:\S*python\S*\s+-m\s+)?(?:{'|'.join(_INSTALLERS)})\s.*\binstall\b")
_NOTHING_INSTALLED = "Nothing is installed at grading."


def install(shell) -> None:
    """Make a kernel's shell go on where something is not there that the course does not grade with."""
    setattr(builtins, _HELPER, _NotThere())
    shell.ast_transformers.append(_GuardImports())
    _pass_over_magics(shell)
    _pass_over_installers(shell)


# --- imports -------------------------------------------------------------------------------------------------------


class _GuardImports:
    """An AST transformer as IPython takes it: guards the import statements at the top level of a cell."""

    def visit(self, tree: ast.AST) -> ast.AST:
        if isinstance(tree, ast.Module):
            tree.body = _guarded(tree.body)
        return tree


def _guarded(body: list[ast.stmt]) -> list[ast.stmt]:
    found: list[ast.stmt] = []
    for node in body:
        if isinstance(node, ast.Import):
            found += [_guard(ast.copy_location(ast.Import([alias]), node)) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module != "__future__" and node.names[0].name != "*":
            found.append(_guard(node))
        else:
            if isinstance(node, ast.If):
                node.body, node.orelse = _guarded(node.body), _guarded(node.orelse)
            found.append(node)
    return found


def _guard(node: ast.Import | ast.ImportFrom) -> ast.Try:
    """The import, with a handler that binds its names to stand-ins if its module is not there."""
    names = [alias.asname or alias.name for alias in node.names]
    source = f"try: pass\nexcept {_HELPER}.error(): {_HELPER}.bind(*{names!r})"
    guard = next(node for node in ast.parse(source).body if isinstance(node, ast.Try))
    for inner in ast.walk(guard):  # an error in the import is one of the import's own line
        if "lineno" in inner._attributes:
            ast.copy_location(inner, node)
    guard.body = [node]
    return guard


class _NotThere:
    """What the guards call: to see whether an import failed because a module is not there, and to go on then."""

    def __init__(self):
        self._module = ""

    def error(self) -> type[ImportError] | tuple[()]:
        """The class of the error at hand if it is to be caught; nothing if it is to go its way."""
        error = sys.exc_info()[1]
        if not isinstance(error, ImportError) or not isinstance(error.name, str):
            return ()
        module = error.name
        if not isinstance(error, ModuleNotFoundError):  # `from google import colab`, where google is there
            named = re.search(r"cannot import name '(\w+)'", str(error))
            module = f"{module}.{named[1]}" if named else ""
        package = module.rpartition(".")[0]
        # A part that an installed package has not is a mistake, but for a package that only collects others.
        if not module or (package and getattr(sys.modules.get(package), "__file__", None)):
            return ()
        self._module = module
        return type(error)

    def bind(self, *names: str) -> None:
        """Bind names to stand-ins where the import stands. `import google.colab` leaves a `google` that is there."""
        namespace = sys._getframe(1).f_globals
        for name in names:
            first, dot, _ = name.partition(".")
            if not dot or first not in namespace:
                namespace[first] = StandIn(self._module)


class StandIn:
    """In the place of what could not be imported: any use raises ModuleNotFoundError and names the module."""

    _module = "This"  # of a copy that is not made by __init__

    def __init__(self, module: str):
        object.__setattr__(self, "_module", module)

    def __repr__(self) -> str:
        return f"<{self._module} is not there at grading>"

    def __getattr__(self, name: str):
        if name.startswith("_"):  # who looks for a special method must be able to go without
            raise AttributeError(_said(self))
        raise _error(self)


def _said(stand_in: StandIn) -> str:
    return f"{stand_in._module} is not there at grading"


def _error(stand_in: StandIn) -> ModuleNotFoundError:
    return ModuleNotFoundError(_said(stand_in), name=stand_in._module)


def _use(self, *arguments, **keywords):
    raise _error(self)


_USES = """
    call getitem setitem delitem contains iter next len bool int float complex index neg pos abs invert lt le gt ge
    add sub mul matmul truediv floordiv mod divmod pow lshift rshift and xor or
    radd rsub rmul rmatmul rtruediv rfloordiv rmod rdivmod rpow rlshift rrshift rand rxor ror
    enter exit array setattr delattr mro_entries instancecheck
"""
for _name in _USES.split():
    setattr(StandIn, f"__{_name}__", _use)


# --- magics and installers -----------------------------------------------------------------------------------------


def _pass_over_magics(shell) -> None:
    """A line magic, an extension or a figure window that is not there says so, and the cell goes on."""
    run, load, draw = shell.run_line_magic, shell.extension_manager.load_extension, shell.enable_matplotlib

    def run_line_magic(name: str, line: str, _stack_depth: int = 1):
        if name in _INSTALLERS:
            return print(_NOTHING_INSTALLED)
        try:
            return run(name, line, _stack_depth + 1)
        except UsageError as error:
            if f"`%{name}` not found" not in str(error):
                raise
            print(f"%{name} is not there at grading.")

    def load_extension(name: str):
        try:
            return load(name)
        except ModuleNotFoundError as error:
            print(f"{error.name} is not there at grading.")

    def enable_matplotlib(gui=None):
        try:
            return draw(gui)
        except (ImportError, RuntimeError):
            print(f"%matplotlib {gui} is not there at grading.")
            return draw("inline")

    shell.run_line_magic, shell.extension_manager.load_extension = run_line_magic, load_extension
    shell.enable_matplotlib = enable_matplotlib


def _pass_over_installers(shell) -> None:
    """`!pip install` does nothing, at once: in the sandbox it could not, elsewhere it would change the machine."""
    run = shell.system

    def system(command: str):
        if _INSTALLS.match(command):
            print(_NOTHING_INSTALLED)
        else:
            run(command)

    shell.system = system
