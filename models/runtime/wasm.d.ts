// Wrangler compiles imported .wasm files ahead of time; see [[rules]] in wrangler.toml.
declare module "*.wasm" {
  const module: WebAssembly.Module;
  export default module;
}
